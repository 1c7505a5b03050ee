"""The versions of everything that `make up STACK=native` downloads. The containers run the same engines."""

KAFKA_VERSION = "4.3.1"
KAFKA_SCALA = "2.13"
KAFKA_JAVA = 17
"""The oldest Java that runs the broker (Apache Kafka 4.x, "Java Version" in its documentation)."""

ELASTICSEARCH_VERSION = "9.5.3"
ELASTICSEARCH_JAVA = 21
"""The oldest Java that runs the server (Elastic's support matrix: Elasticsearch 9.x needs 21)."""

LOG4J_VERSION = "2.24.3"
MAVEN_DEPENDENCY_PLUGIN = "3.8.1"
