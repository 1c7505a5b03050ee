package topicreel;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.node.InternalSettingsPreparer;
import org.elasticsearch.node.Node;
import org.elasticsearch.plugins.PluginsLoader;

/**
 * Starts one Elasticsearch node from the directories {@code es.path.home} and {@code es.path.conf}, and closes it on
 * SIGTERM. Elasticsearch's own launcher is published only inside its distribution, not as a jar.
 */
public final class ElasticsearchNode {

    private static final String NAME = "topicreel";
    private static final long CLOSE_WITHIN_SECONDS = 10;

    private ElasticsearchNode() {}

    public static void main(String[] arguments) {
        try {
            Node node = open();
            node.start();
            closeOnExit(node);
            new CountDownLatch(1).await();
        } catch (Throwable failure) {
            failure.printStackTrace();
            // halt, not exit: the node's threads may still run and would keep the process alive.
            Runtime.getRuntime().halt(1);
        }
    }

    private static Node open() throws Exception {
        Settings home = Settings.builder().put("path.home", System.getProperty("es.path.home")).build();
        Path configuration = Path.of(System.getProperty("es.path.conf"));
        LogConfigurator.registerErrorListener();
        LogConfigurator.configureESLogging();
        Environment environment = InternalSettingsPreparer.prepareEnvironment(home, Map.of(), configuration, () -> NAME);
        LogConfigurator.setNodeName(NAME);
        LogConfigurator.configure(environment, true);
        PluginsLoader plugins = PluginsLoader.createPluginsLoader(
            PluginsLoader.loadModulesBundles(environment.modulesDir(), false),
            PluginsLoader.loadPluginsBundles(environment.pluginsDir(), false),
            Map.of(),
            false
        );
        return new Node(environment, plugins);
    }

    private static void closeOnExit(Node node) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                node.prepareForClose();
                node.close();
                node.awaitClose(CLOSE_WITHIN_SECONDS, TimeUnit.SECONDS);
            } catch (Exception failure) {
                failure.printStackTrace();
            }
        }));
    }
}
