"""The dashboard in Kibana: what it shows, as readable source, made into an import file and imported.

Beside it, the history of the pipeline's health, which Kibana can show only once it is in Elasticsearch.
"""

from kibana.errors import AccessRefusedError, ImportRefusedError, KibanaAwayError, KibanaError
from kibana.health import PipelineHealth, pipeline_health
from kibana.health_index import HealthIndex
from kibana.import_file import import_file
from kibana.importer import import_objects

__all__ = [
    "AccessRefusedError",
    "HealthIndex",
    "ImportRefusedError",
    "KibanaAwayError",
    "KibanaError",
    "PipelineHealth",
    "import_file",
    "import_objects",
    "pipeline_health",
]
