import { accessSync, constants, readFileSync } from 'node:fs';
import { isIP } from 'node:net';

/** What is wrong with a value, and what to write instead; neither repeats the value, which may be a secret put in the wrong place. */
export interface Problem {
  readonly message: string;
  readonly remedy: string;
}

function url(text: string): Problem | undefined {
  const remedy = 'Write it like https://es.example:9200.';
  const parsed = URL.canParse(text) ? new URL(text) : undefined;
  if (!parsed || !/^https?:$/.test(parsed.protocol) || !/^https?:\/\//i.test(text)) {
    return { message: 'is not an http or https URL', remedy };
  }
  if (parsed.username !== '' || parsed.password !== '') {
    return {
      message: 'has credentials in the URL, where logs and proxies show them',
      remedy: 'Take them out of the URL and give output.username and output.password.',
    };
  }
  if (parsed.search !== '' || parsed.hash !== '') return { message: 'has a query or a fragment', remedy };
  return undefined;
}

function cidr(text: string): Problem | undefined {
  const [address, bits, ...rest] = text.split('/');
  const version = isIP(address ?? '');
  const valid =
    rest.length === 0 && version !== 0 && /^\d{1,3}$/.test(bits ?? '') && Number(bits) <= (version === 4 ? 32 : 128);
  if (valid) return undefined;
  return { message: 'is not a network in CIDR notation', remedy: 'Write it like 198.51.100.0/24 or 2001:db8::/32.' };
}

function certificateFile(path: string): Problem | undefined {
  const remedy = 'Give the path of a PEM file with the CA certificate that this user may read.';
  try {
    accessSync(path, constants.R_OK);
    if (!readFileSync(path, 'utf8').includes('-----BEGIN CERTIFICATE-----')) {
      return { message: 'is a file without a PEM certificate', remedy };
    }
  } catch {
    return { message: 'is not a file that can be read', remedy };
  }
  return undefined;
}

function fingerprint(text: string): Problem | undefined {
  if (/^(?:[0-9a-f]{2}:?){31}[0-9a-f]{2}$/i.test(text)) return undefined;
  return {
    message: 'is not a SHA-256 fingerprint',
    remedy: 'Print it with: openssl x509 -noout -fingerprint -sha256 -in ca.pem',
  };
}

/** Rules: https://www.elastic.co/guide/en/ecs/current/ecs-data_stream.html (data_stream.namespace). */
function namespace(text: string): Problem | undefined {
  if (Buffer.byteLength(text) <= 100 && /^[^\\/*?"<>|\s,#:\-]+$/.test(text) && text === text.toLowerCase())
    return undefined;
  return {
    message: 'is not a data stream namespace',
    remedy: 'Use at most 100 lower-case letters, digits, dots and underscores; no hyphen.',
  };
}

/** What an HTTP header can carry: a line end or quotes copied along are the usual slip. */
function token(text: string): Problem | undefined {
  if (/^[\x21-\x7e]+$/.test(text)) return undefined;
  return {
    message: 'has a blank, a line break or another character that no token has',
    remedy: 'Copy it again without them.',
  };
}

function endpoint(text: string): Problem | undefined {
  const problem = url(text);
  if (problem === undefined) return undefined;
  if (!problem.message.includes('credentials')) return { ...problem, remedy: 'Write it like https://s3.example:9000.' };
  return { ...problem, remedy: 'Take them out of the URL and give access_key_id and secret_access_key.' };
}

function frontEndUrl(text: string): Problem | undefined {
  const problem = url(text);
  if (problem === undefined) return undefined;
  if (!problem.message.includes('credentials')) {
    return { ...problem, remedy: 'Write it like https://kibana.example:5601/base-path.' };
  }
  return { ...problem, remedy: 'Take them out of the URL and give dashboards.username and dashboards.password.' };
}

/** Kibana's own rule for the ids of spaces. */
function space(text: string): Problem | undefined {
  if (/^[a-z0-9_-]+$/.test(text)) return undefined;
  const remedy = 'Give its id as the URL shows it after /s/: lower-case letters, digits, _ and -.';
  return { message: 'is not the id of a Kibana space', remedy };
}

/** It travels in an HTTP header. */
function tenant(text: string): Problem | undefined {
  if (/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(text)) return undefined;
  return { message: 'is not the name of a tenant', remedy: 'Use letters, digits and signs of ASCII.' };
}

/** Rules: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html; older buckets have upper case and _, too. */
function bucket(text: string): Problem | undefined {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9]$/.test(text) || /^arn:aws[\w-]*:s3[\w-]*:/.test(text))
    return undefined;
  const remedy = 'Give the name alone, without s3:// and without a key; the key goes into prefix.';
  return { message: 'is not the name of a bucket', remedy };
}

function roleArn(text: string): Problem | undefined {
  if (/^arn:aws[\w-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(text)) return undefined;
  return { message: 'is not the ARN of a role', remedy: 'Write it like arn:aws:iam::123456789012:role/name.' };
}

function timestamp(text: string): Problem | undefined {
  if (/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/.test(text) && !Number.isNaN(Date.parse(text))) {
    return undefined;
  }
  return { message: 'is not a date or a time with its zone', remedy: 'Write it like 2026-01-01T00:00:00Z.' };
}

/** Rules: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html. */
function tag(text: string): Problem | undefined {
  if (/^[\p{L}\p{N} +\-._:/@]{1,128}=[\p{L}\p{N} +\-._:/@=]{0,256}$/u.test(text)) return undefined;
  return { message: 'is not a tag', remedy: 'Write it like key=value.' };
}

/** Checks of a text beyond its type, by the name that settings use. */
export const formats = {
  url,
  endpoint,
  front_end_url: frontEndUrl,
  space,
  tenant,
  cidr,
  certificate_file: certificateFile,
  fingerprint,
  namespace,
  token,
  bucket,
  role_arn: roleArn,
  timestamp,
  tag,
};

export type Format = keyof typeof formats;

/** What a value of the format must be, in words. */
export const formatWords: Readonly<Record<Format, string>> = {
  url: 'a list of http or https URLs with at least one entry',
  cidr: 'a list of networks in CIDR notation',
  certificate_file: 'the path of a PEM file with certificates',
  fingerprint: 'a SHA-256 fingerprint in hex',
  namespace: 'a data stream namespace: at most 100 lower-case letters, digits, dots and underscores',
  token: 'a text without blanks that is not empty',
  endpoint: 'an http or https URL',
  front_end_url: 'an http or https URL',
  space: 'the id of a Kibana space',
  tenant: 'the name of a tenant',
  bucket: 'the name of a bucket',
  role_arn: 'the ARN of a role',
  timestamp: 'a date or a time with its zone, in ISO 8601',
  tag: 'a tag as key=value',
};
