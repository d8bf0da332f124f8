/** The kinds of input by their `type`, each with the settings of its entries: a part of the one list of settings. */
import type {
  AwsConfig,
  FileInputConfig,
  InputConfig,
  S3InputConfig,
  SqsInputConfig,
  StdinInputConfig,
} from '../config.js';
import { awsAccess } from './aws-access.js';
import type { SettingsOf } from './shape.js';

interface InputKind<T> {
  readonly description: string;
  readonly settings: SettingsOf<Omit<T, 'type'>>;
}

/** Shared by all inputs that speak to AWS. */
const aws = {
  ...awsAccess,
  endpoint: {
    type: 'string',
    format: 'endpoint',
    description:
      'Base URL of an S3-compatible store, or of a private endpoint of S3. AWS_ENDPOINT_URL_S3 works, too. A queue is asked where queue_url says.',
    example: 'https://s3.example:9000',
  },
  path_style: {
    type: 'boolean',
    default: false,
    description:
      "Put the bucket's name into the path and not into the host name, as most S3-compatible stores want it.",
    example: true,
  },
  allow_insecure_auth: {
    type: 'boolean',
    default: false,
    description:
      'Send signatures and session tokens over plain http to a host other than this one, and assume roles there. Anyone on the way can then read them.',
    example: true,
  },
} as const satisfies SettingsOf<AwsConfig>;

const parallel = {
  type: 'integer',
  default: 8,
  minimum: 1,
  maximum: 64,
  unit: 'objects',
  description: 'Objects read at the same time. More helps only with many small ones.',
  example: 8,
} as const;

export const inputKinds = {
  file: {
    description: 'Files of this machine, gzipped or not.',
    settings: {
      paths: {
        type: 'strings',
        required: true,
        minimum: 1,
        description:
          'Paths of files, directories (with all below them) and glob patterns. For a log that is rotated write a pattern that matches its new name, too.',
        example: ['/var/lib/cloudconnexa/**/*.gz'],
      },
      poll_interval_s: {
        type: 'number',
        default: 10,
        minimum: 0.01,
        maximum: 86_400,
        unit: 'seconds',
        description: 'How often a continuous run looks for new and grown files.',
        example: 10,
      },
    },
  } satisfies InputKind<FileInputConfig>,
  s3: {
    description: 'Objects of an S3 bucket, found by listing it. One connector a bucket and prefix; for more use sqs.',
    settings: {
      bucket: {
        type: 'string',
        required: true,
        format: 'bucket',
        description: 'Name of the bucket that CloudConnexa writes to.',
        example: 'cloudconnexa-logs',
      },
      prefix: {
        type: 'string',
        default: '',
        description: 'Only objects whose key begins like this.',
        example: 'CloudConnexa/',
      },
      suffix: {
        type: 'string',
        default: '',
        description: 'Only objects whose key ends like this.',
        example: '.gz',
      },
      start_time: {
        type: 'string',
        format: 'timestamp',
        description: 'Objects last modified before are left alone. Absent: everything is read.',
        example: '2026-01-01T00:00:00Z',
      },
      poll_interval_s: {
        type: 'number',
        default: 60,
        minimum: 0.01,
        maximum: 86_400,
        unit: 'seconds',
        description: 'Wait between two listings of a continuous run.',
        example: 60,
      },
      parallel,
      listing_horizon_h: {
        type: 'number',
        default: 48,
        minimum: 0.001,
        maximum: 8760,
        unit: 'hours',
        description:
          'How long after its time of modification an object may first turn up in the listing (uploads in parts, replication). Objects are remembered one by one for this long only.',
        example: 48,
      },
      on_done: {
        type: 'string',
        default: 'keep',
        values: ['keep', 'delete', 'tag'],
        description: 'What happens to an object when all of its events are stored or in the reject store.',
        example: 'tag',
      },
      done_tag: {
        type: 'string',
        default: 'cloudconnexa-ecs=done',
        format: 'tag',
        description: 'The tag that on_done: tag sets, as key=value; other tags of the object stay.',
        example: 'cloudconnexa-ecs=done',
      },
      ...aws,
    },
  } satisfies InputKind<S3InputConfig>,
  sqs: {
    description:
      'Objects of S3 buckets, announced by notifications on an SQS queue that any number of connectors share.',
    settings: {
      queue_url: {
        type: 'string',
        required: true,
        format: 'endpoint',
        description: 'URL of the queue.',
        example: 'https://sqs.eu-central-1.amazonaws.com/123456789012/cloudconnexa-logs',
      },
      parallel,
      visibility_timeout_s: {
        type: 'integer',
        default: 300,
        minimum: 1,
        maximum: 43_200,
        unit: 'seconds',
        description:
          'How long a message stays hidden from other connectors without a sign of life; extended while work on it goes on.',
        example: 300,
      },
      wait_time_s: {
        type: 'integer',
        default: 20,
        minimum: 0,
        maximum: 20,
        unit: 'seconds',
        description: 'How long one request waits for messages.',
        example: 20,
      },
      poison_receives: {
        type: 'integer',
        default: 5,
        minimum: 1,
        maximum: 1000,
        unit: 'receives',
        description:
          "A message that fails and was received this often is reported as poison; the queue's redrive policy decides what becomes of it.",
        example: 5,
      },
      ...aws,
    },
  } satisfies InputKind<SqsInputConfig>,
  stdin: {
    description: 'The standard input, read once to its end.',
    settings: {},
  } satisfies InputKind<StdinInputConfig>,
} as const satisfies Record<InputConfig['type'], { description: string; settings: object }>;
