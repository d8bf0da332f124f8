/**
 * Every error a user can see has a stable code. This list is the source of `docs/errors.md` and of the exit codes;
 * a test compares it with the code and the page both ways.
 */

export interface ErrorKind {
  /** Process exit code: 1 failed, 2 wrong use or config. */
  readonly exit: 1 | 2;
  /** What it means, one sentence. */
  readonly meaning: string;
  /** What to do about it, one sentence. */
  readonly remedy: string;
}

export const errorKinds = {
  CCX_USAGE: {
    exit: 2,
    meaning: 'The command line has an unknown command, option or argument.',
    remedy: 'Run the command with --help to see what it takes.',
  },
  CCX_EVENT_INVALID: {
    exit: 1,
    meaning: 'What was given to mapEvent is not a JSON object.',
    remedy: 'Give one CloudConnexa event, as JSON text or as an object.',
  },
  CCX_INPUT_PATTERN: {
    exit: 2,
    meaning: 'A pattern under inputs has a set of characters that makes no sense, such as [z-a].',
    remedy: 'Correct the pattern; docs/config.md lists what patterns know.',
  },
  CCX_REJECT_WRITE: {
    exit: 1,
    meaning:
      'The reject store cannot be written, so reading stopped: no position moves past a reject that is not stored.',
    remedy: 'Make room on the disk of data_dir, or mend its permissions, and start again.',
  },
  CCX_REJECT_FULL: {
    exit: 1,
    meaning:
      'The reject store has the size that limits.reject_store_bytes allows, so reading stopped; nothing is lost or passed over.',
    remedy:
      'Look at cloudconnexa-ecs reject list, mend the cause and run reject replay, or reject drop, or raise limits.reject_store_bytes; then start again. Damaged lines that were set aside count, too: rejects.damaged.jsonl can be moved away.',
  },
  CCX_REJECT_VERSION: {
    exit: 1,
    meaning: 'The reject store was written by a newer version of the connector.',
    remedy: 'Run that version again, or use another data_dir.',
  },
  CCX_SETUP_MISSING: {
    exit: 1,
    meaning: 'The cluster has no index template for the connector, so events would be stored with the wrong types.',
    remedy: 'Run `cloudconnexa-ecs setup` with a user that may install templates, then start again.',
  },
  CCX_MAPPING_INVALID: {
    exit: 1,
    meaning: 'A field list under mappings/ is broken.',
    remedy: 'Reinstall the package, or mend the list as mappings/README.md says.',
  },
  CCX_DASHBOARD_INVALID: {
    exit: 1,
    meaning: 'A dashboard or saved search under dashboards/ is broken; the message lists all faults.',
    remedy: 'Reinstall the package, or mend the files as dashboards/README.md says.',
  },
  CCX_OUTPUT_HOST: {
    exit: 2,
    meaning: 'An output host cannot be used as it is written.',
    remedy:
      'Write https://host:port, without a user or password in it, and give the credentials in their own settings.',
  },
  CCX_CREDENTIAL_FORMAT: {
    exit: 2,
    meaning: 'A credential holds characters that no HTTP header can carry.',
    remedy: 'Look for a line break, a blank or a quotation mark that was copied along with it.',
  },
  CCX_CA_FILE: {
    exit: 2,
    meaning: 'The file with the CA certificates to trust cannot be used.',
    remedy: 'Point output.ca to a readable PEM file with at least one CERTIFICATE block.',
  },
  CCX_CONFIG_INVALID: {
    exit: 2,
    meaning: 'Settings are missing, unknown or have values that do not fit; the message lists all of them.',
    remedy: 'Correct the settings listed; `cloudconnexa-ecs config example` prints all settings with their meaning.',
  },
  CCX_KEYSTORE_MISSING: {
    exit: 2,
    meaning: 'There is no keystore at the place where one is expected.',
    remedy: 'Make one with `cloudconnexa-ecs keystore create`, or correct the setting keystore.',
  },
  CCX_KEYSTORE_EXISTS: {
    exit: 2,
    meaning: 'There is a keystore already where one was to be made.',
    remedy: 'Use it, or remove the file first; what is in it is lost then.',
  },
  CCX_KEYSTORE_LOCKED: {
    exit: 2,
    meaning: 'A password for the keystore is needed, and none could be had.',
    remedy:
      'Set CLOUDCONNEXA_ECS_KEYSTORE_PASSWORD_FILE to the path of a file that holds it, or run the command on a terminal.',
  },
  CCX_KEYSTORE_PASSWORD: {
    exit: 2,
    meaning: 'The password does not open the keystore: it is another one, or somebody altered the file on purpose.',
    remedy:
      'Give the password it was made with; it cannot be recovered. Else make a new keystore and set the values again.',
  },
  CCX_KEYSTORE_DAMAGED: {
    exit: 2,
    meaning: 'The keystore is torn or altered, or is no keystore.',
    remedy: 'Restore the file from a copy, or remove it, make a new one and set the values again.',
  },
  CCX_KEYSTORE_VERSION: {
    exit: 2,
    meaning: 'The keystore was written by a newer version of the connector.',
    remedy: 'Run that version again, or make a new keystore at another place.',
  },
  CCX_KEYSTORE_PERMISSIONS: {
    exit: 2,
    meaning: 'Others than its owner may read or write the keystore.',
    remedy: 'Give the file mode 0600.',
  },
  CCX_KEYSTORE_NAME: {
    exit: 2,
    meaning: 'A name is none that a keystore can have, or none that this one has.',
    remedy:
      '`cloudconnexa-ecs keystore list` prints the names it has; letters, digits and _ make a name, no digit first.',
  },
  CCX_KEYSTORE_VALUE: {
    exit: 2,
    meaning:
      'No usable value was given for the keystore: none at all, an empty one, over 64 KiB, no UTF-8, or not the same twice.',
    remedy: 'Run the command on a terminal, or give the value on the standard input with --stdin.',
  },
  CCX_KEYSTORE_BUSY: {
    exit: 1,
    meaning: 'Another command is changing the keystore, or was killed while it did.',
    remedy:
      'Run it again in a moment. Where no other is running, remove the file named, whose name ends in .new; the keystore is whole.',
  },
  CCX_KEYSTORE_FILE: {
    exit: 1,
    meaning: 'The keystore cannot be read or written.',
    remedy: 'Run the command as the owner of the file, and look whether its folder exists and its disk has room.',
  },
  CCX_OUTPUT_UNREACHABLE: {
    exit: 1,
    meaning: 'The cluster does not answer, or answers that it cannot work now.',
    remedy: 'Check output.hosts, the network and the cluster, then run the command again.',
  },
  CCX_OUTPUT_DENIED: {
    exit: 1,
    meaning: 'The cluster refuses the credentials, or they lack a privilege that the command needs.',
    remedy: 'Check the credentials under output and grant the privileges that manifest.json lists.',
  },
  CCX_LOOKUP_REFUSED: {
    exit: 1,
    meaning:
      'Events that may be stored already are sent again without asking the cluster which of them it has, because it refuses to say: where their data stream rolled over in between, they are there twice.',
    remedy:
      'Grant the user, key or role what manifest.json lists under ship_check (on Elasticsearch read and view_index_metadata, beside what ship has).',
  },
  CCX_OUTPUT_TLS: {
    exit: 1,
    meaning: 'No trusted TLS connection to the cluster could be made.',
    remedy: 'Check output.ca, output.ca_fingerprint and the host name in output.hosts.',
  },
  CCX_PROXY_SETTING: {
    exit: 2,
    meaning: 'HTTPS_PROXY or HTTP_PROXY is set, but not to the address of an HTTP proxy.',
    remedy: 'Write it like http://proxy.example:3128, unset it, or name the hosts that need no proxy in NO_PROXY.',
  },
  CCX_PROXY: {
    exit: 1,
    meaning: 'The proxy that HTTPS_PROXY or HTTP_PROXY names does not answer, or does not let the connector through.',
    remedy: 'Check the address and the credentials in the variable, what the proxy allows, and NO_PROXY.',
  },
  CCX_OUTPUT_REFUSED: {
    exit: 1,
    meaning: 'The cluster understands the request but refuses it; the message has its reason.',
    remedy: 'Mend what the cluster says and run the command again.',
  },
  CCX_OUTPUT_UNSUPPORTED: {
    exit: 1,
    meaning: 'What runs at output.hosts is not an engine, or not a version of it, that the connector works with.',
    remedy: 'Use Elasticsearch 8 or 9, or OpenSearch 2 or 3.',
  },
  CCX_OUTPUT_READ_ONLY: {
    exit: 1,
    meaning: 'The cluster, or an index that events are written to, is read-only; events are kept and sent again.',
    remedy:
      'Make room on the disks of the cluster, or lift the block (index.blocks.write, index.blocks.read_only, cluster.blocks.read_only).',
  },
  CCX_OUTPUT_NO_SHARDS: {
    exit: 1,
    meaning: 'The cluster has reached its limit of shards, so that no new data stream or backing index can be made.',
    remedy: 'Delete indices that nobody needs, add a data node, or raise cluster.max_shards_per_node.',
  },
  CCX_OUTPUT_UNHEALTHY: {
    exit: 1,
    meaning: 'Shards of the cluster are not available: its health is red.',
    remedy: 'Ask the cluster for the reason (GET /_cluster/allocation/explain) and bring back the node or disk.',
  },
  CCX_OUTPUT_NOT_STREAM: {
    exit: 1,
    meaning: 'Where a data stream should be there is an index: it was made before setup, with guessed types.',
    remedy:
      'Stop the connector, delete the index or reindex it elsewhere, run `cloudconnexa-ecs setup`, and start again.',
  },
  CCX_SETUP_OUTDATED: {
    exit: 1,
    meaning: 'The index template, or a component template of it, is older than this release.',
    remedy:
      'Run `cloudconnexa-ecs setup` with a user that may install templates; `setup --dry-run` shows what it changes.',
  },
  CCX_CLOCK_SKEW: {
    exit: 1,
    meaning: 'The clocks of this machine and of the cluster differ.',
    remedy:
      'Let both be set by NTP; rules look at event.ingested, and signed requests (AWS) are refused when they are minutes apart.',
  },
  CCX_MANIFEST_INVALID: {
    exit: 1,
    meaning: 'manifest.json is broken; the message lists all faults.',
    remedy: 'Reinstall the package, or mend the manifest.',
  },
  CCX_ASSET_FOREIGN: {
    exit: 1,
    meaning: 'There is an object with the name or the id of one of ours that was not installed by cloudconnexa-ecs.',
    remedy: 'Rename or remove that object, or let setup replace it with --force.',
  },
  CCX_ASSET_REFUSED: {
    exit: 1,
    meaning:
      'The cluster, Kibana or OpenSearch Dashboards refused to store or to remove one of our assets, or did not keep it whole.',
    remedy: 'Mend what the message says and run the command again: what is already done stays as it is.',
  },
  CCX_DASHBOARDS_UNREACHABLE: {
    exit: 1,
    meaning: 'Kibana or OpenSearch Dashboards does not answer, or answers that it cannot work now.',
    remedy:
      'Check dashboards.url, the network and the server, then run the command again; setup --only lifecycle,pipeline,templates goes without it.',
  },
  CCX_DASHBOARDS_DENIED: {
    exit: 1,
    meaning:
      'Kibana or OpenSearch Dashboards refuses the credentials, or they lack a privilege that the command needs.',
    remedy:
      'Check the credentials under dashboards, or those under output where there are none, and grant what manifest.json lists under dashboards and rules.',
  },
  CCX_DASHBOARDS_TLS: {
    exit: 1,
    meaning: 'No trusted TLS connection to Kibana or OpenSearch Dashboards could be made.',
    remedy:
      'Check http or https and the host name in dashboards.url, and set dashboards.ca or dashboards.ca_fingerprint where its CA is not a public one.',
  },
  CCX_DASHBOARDS_UNSUPPORTED: {
    exit: 1,
    meaning: "What runs at dashboards.url is not the front end that belongs to the cluster's engine.",
    remedy:
      'Give the address of Kibana with Elasticsearch, of OpenSearch Dashboards with OpenSearch, with its base path and without a login page before it.',
  },
  CCX_DASHBOARDS_SPACE: {
    exit: 2,
    meaning: 'The Kibana space, or the tenant of OpenSearch Dashboards, does not exist for these credentials.',
    remedy: 'Create it there, or correct dashboards.space or dashboards.tenant.',
  },
  CCX_DASHBOARDS_OLD: {
    exit: 1,
    meaning: 'Kibana or OpenSearch Dashboards is older than the dashboards that this release installs.',
    remedy: 'Use Kibana 8.19 or 9, or OpenSearch Dashboards 2 or 3.',
  },
  CCX_EXPORT_FAILED: {
    exit: 1,
    meaning: 'The assets could not be written to the folder.',
    remedy: 'Give a folder that can be created and written to.',
  },
  CCX_ENGINE_UNKNOWN: {
    exit: 2,
    meaning: 'There is no engine of that name to start.',
    remedy: 'Choose one of opensearch-3, opensearch-2, elasticsearch-9, elasticsearch-8.',
  },
  CCX_ENGINE_PLATFORM: {
    exit: 1,
    meaning: 'Engines cannot be started on this operating system.',
    remedy: 'Use Linux, macOS or WSL, or give the address of a cluster of yours with --hosts.',
  },
  CCX_ENGINE_NO_JDK: {
    exit: 1,
    meaning: 'No JDK was found that the engine to start runs on.',
    remedy: 'Install a JDK of the release named, or point JAVA_HOME at one.',
  },
  CCX_ENGINE_NO_MAVEN: {
    exit: 1,
    meaning: 'Maven, which fetches the engine to start, was not found.',
    remedy: 'Install Maven so that mvn is on the PATH, or give the address of a cluster of yours with --hosts.',
  },
  CCX_ENGINE_FETCH_FAILED: {
    exit: 1,
    meaning: 'Maven could not fetch the engine to start.',
    remedy: 'Check the network, and the proxy and mirror in the settings.xml of Maven, then run the command again.',
  },
  CCX_ENGINE_UNPACK_FAILED: {
    exit: 1,
    meaning: 'The engine that was fetched could not be unpacked.',
    remedy: 'Make room on the disk of the cache folder, then run the command again.',
  },
  CCX_ENGINE_START_FAILED: {
    exit: 1,
    meaning: 'The engine ended while it started, or was not ready in time.',
    remedy: 'Read the end of its log above; often memory is short or another JDK is needed.',
  },
  CCX_CHECKPOINT_CORRUPT: {
    exit: 1,
    meaning: 'The file of the positions reached, and the one kept from before it, are damaged.',
    remedy:
      'Restore checkpoint.json in data_dir, or delete the files checkpoint*.json there to read all inputs again; events that are stored are known by their ids.',
  },
  CCX_CHECKPOINT_VERSION: {
    exit: 1,
    meaning: 'The file of the positions reached was written by a newer version of the connector.',
    remedy: 'Run that version again, or use another data_dir.',
  },
  CCX_CHECKPOINT_WRITE: {
    exit: 1,
    meaning: 'The positions reached cannot be written to data_dir.',
    remedy: 'Make room on the disk and make data_dir writable, then run again; nothing is lost.',
  },
  CCX_DATA_DIR_LOCKED: {
    exit: 1,
    meaning: 'Another connector runs on the same data_dir: two would overwrite the positions of each other.',
    remedy: 'Stop the process named, or give this one a data_dir of its own.',
  },
  CCX_DATA_DIR_LOST: {
    exit: 1,
    meaning:
      'Another process took data_dir while this one stood still, or its lock file was removed: the run ended and acknowledged nothing more.',
    remedy:
      'Leave one connector on this data_dir; it reads again what was not acknowledged. A machine that is frozen for long needs a data_dir that no other uses.',
  },
  CCX_DATA_DIR_UNUSABLE: {
    exit: 1,
    meaning: 'The data_dir, or a file in it, cannot be made, read or put in its place.',
    remedy:
      'Make room on the disk of data_dir, and make it readable and writable for the user that runs the connector, then run again; nothing is lost.',
  },
  CCX_INPUT_NOT_FOUND: {
    exit: 1,
    meaning: 'A file, bucket, object or queue named as input does not exist.',
    remedy:
      'Correct the path, bucket or queue (of the command, or in inputs); a pattern such as /var/log/cloudconnexa/*.gz may match nothing.',
  },
  CCX_INPUT_UNREADABLE: {
    exit: 1,
    meaning: 'An input file, directory or object cannot be read.',
    remedy: 'Give the user that runs the connector the right to read it, then run again; the others were read.',
  },
  CCX_INPUT_DENIED: {
    exit: 1,
    meaning: 'An input refuses the credentials, or they are missing, have expired or lack a right.',
    remedy: 'Renew the credentials or grant the right, then run again; nothing is lost.',
  },
  CCX_INPUT_POISON: {
    exit: 1,
    meaning: 'A message of the queue was received many times, and could never be finished or understood.',
    remedy:
      "Mend what the log says of its object, or remove the message; the queue's redrive policy decides what becomes of it.",
  },
  CCX_INPUT_UNREACHABLE: {
    exit: 1,
    meaning: 'An input does not answer, or answers that it cannot work now.',
    remedy: 'Check the network and the endpoint, then run again: it goes on where it was.',
  },
  CCX_RULE_INVALID: {
    exit: 1,
    meaning: 'An alert rule under rules/ is broken; the message lists all faults.',
    remedy: 'Reinstall the package, or mend the rules as rules/README.md says.',
  },
  CCX_RULE_TOO_BROAD: {
    exit: 1,
    meaning: 'What an alert rule looks at has more combinations of values than are counted.',
    remedy: 'Look at a shorter time, or at fewer events.',
  },
  CCX_PREVIEW_PORT: {
    exit: 1,
    meaning: 'The preview cannot listen on its port, most often because something else does.',
    remedy: 'Give another port with --port, or 0 for any that is free.',
  },
  CCX_INTERNAL: {
    exit: 1,
    meaning: 'The connector met a state it was not written for.',
    remedy: 'Report it with the output of the command run with --log-level debug; no data is lost, run it again.',
  },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof errorKinds;

export interface ErrorDetails {
  /** The place at fault: a config path, a file, a URL without credentials. */
  readonly place?: string;
  /** Replaces the list's remedy where a better one is known. */
  readonly remedy?: string;
  readonly cause?: unknown;
}

const brand = Symbol.for('cloudconnexa-ecs.ConnectorError');

/** An expected failure, told to the user as `code: message (place). remedy`. Never carries a secret. */
export class ConnectorError extends Error {
  /** Known by a mark instead of by its class, so that a second copy of this module (a loader's, an embedder's) knows it too. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && brand in value;
  }

  override readonly name = 'ConnectorError';
  readonly code: ErrorCode;
  readonly place: string | undefined;
  readonly remedy: string;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.place = details.place;
    this.remedy = details.remedy ?? errorKinds[code].remedy;
  }

  get [brand](): true {
    return true;
  }

  get exitCode(): 1 | 2 {
    return errorKinds[this.code].exit;
  }
}
