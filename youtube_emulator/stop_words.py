"""Words that say nothing about what a video is about, folded: of several languages, and of YouTube itself."""

_ENGLISH = """about after again also another are because been before best better came could does doing dont down each
even ever every first from full gets getting goes going good great have here into ever just know last like little
look made make makes making many more most much must need never next only other over part really said same should
some still such take than that their them then there these they thing things think this those through time today
trailer under very want well were what when where which while will with without world would year years your youre"""

_FRENCH = """ainsi alors apres aussi autre autres aux avant avec avoir avons bien cela celle celui ces cette ceux
chez comme comment contre dans depuis des deux dire donc elle elles encore entre etaient etait etre faire fait
faites fois font grand grande heure ici ils jamais jour jours juste leur leurs lors mais meilleur meilleurs meme
moins mois monde mon nous nouveau nouvelle nouveaux nos notre votre ont parce parle part partie pas pendant petit
petite peut plus plusieurs pour pourquoi premier premiere quand quel quelle quelques quoi rien sans sera ses ses
soir soit sommes son sont sous suis sur tous tout toute toutes tres trois trop une veut vers vie vient voici voila
vont vos vous vrai vraiment avait aujourd annee ans sait deja face mieux apres"""

_OTHERS = """aber alle auch beim dann dass deine dein denn dies diese dieser doch eine einem einen einer eines euch
für fuer habe haben hier immer jetzt kann kein keine mein meine mehr mich mit nach nicht noch nur oder ohne schon
sein seine sich sind über ueber unser unter viel wenn wird wieder wurde zum zur como con cuando desde donde ella
ellos entre esta este esto estos hace hasta mas muy nada nuestro para pero porque pues que quien ser sido sobre
solo somos son tiene todo todos una unos usted com dos das mais nao nos para pela pelo por porque qual quando sem
seu sua tambem uma voce anche ancora che come con cosa dalla degli del della delle dopo fatto nella nelle nostro
per perche piu questa questo sono tutti tutto una"""

_YOUTUBE = """abonne abonnez abonner channel chaine clip compilation complet episode episodes exclusif extrait
facebook feat featuring http https instagram lien live lyrics lyric moment moments music musique news official
officiel officielle officiels original playlist prod production saison season short snapchat subscribe twitch
twitter video videos vlog watch youtube youtubeur youtubeurs youtuber youtubers emission direct teaser version
reaction show shows emissions replay replays best vine vines viral trending tendance tendances audio"""

_TIMES = """january february march april june july august september october november december janvier fevrier mars
avril juin juillet aout septembre octobre novembre decembre enero febrero marzo abril mayo junio julio
agosto septiembre octubre noviembre diciembre januar februar maerz juni juli oktober dezember monday
tuesday wednesday thursday friday saturday sunday lundi mardi mercredi jeudi vendredi samedi dimanche
week weekend semaine morning night tonight"""

STOP_WORDS = frozenset(" ".join((_TIMES, _ENGLISH, _FRENCH, _OTHERS, _YOUTUBE)).replace("ü", "u").split())
"""Folded words that are no subjects."""
