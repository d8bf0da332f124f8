import type { JsonObject, JsonValue } from '../../record.js';
import { shown } from './shown.js';

/** An object that was created, as a notification names it. */
export interface ObjectNotice {
  readonly bucket: string;
  readonly key: string;
  /** Without quotation marks; absent when the notification has none. */
  readonly etag?: string;
  /** Grows with every writing of the key. */
  readonly sequencer?: string;
}

/** What a message of the queue says. */
export interface Notification {
  readonly objects: readonly ObjectNotice[];
  /** Names of events other than the creation of an object, such as `ObjectRemoved:Delete`: nothing to do. */
  readonly ignored: readonly string[];
  /** What S3 sends when notifications are set up. */
  readonly test: boolean;
  /** What is not understood, for a person; with any of them the message is not ours to delete. Nothing secret is in it. */
  readonly faults: readonly string[];
}

/**
 * Reads a message's body: a notification of S3, directly, through SNS (with its envelope or raw) or through EventBridge,
 * also EventBridge through SNS.
 *
 * Facts: Amazon S3 User Guide, "Event message structure" (keys are URL-encoded with + for a blank) and "EventBridge event
 * message structure" (keys are as they are); Amazon SNS Developer Guide, "Amazon SNS message structure". S3-compatible stores
 * write `s3:ObjectCreated:Put` where S3 writes `ObjectCreated:Put`.
 */
export function parseNotification(body: string): Notification {
  const message = parse(body);
  if (!isObject(message)) return foreign(describe(message, body));
  if (message['Type'] !== 'Notification' || typeof message['Message'] !== 'string') return readMessage(message, body);
  const inner = parse(message['Message']);
  if (isObject(inner)) return readMessage(inner, message['Message']);
  return foreign(`an SNS notification with ${describe(inner, message['Message'])}`);
}

function readMessage(message: JsonObject, text: string): Notification {
  if (message['Event'] === 's3:TestEvent') return { ...nothing, test: true };
  if (Array.isArray(message['Records']) && message['Records'].length > 0) return readRecords(message['Records']);
  if (message['source'] === 'aws.s3' && typeof message['detail-type'] === 'string')
    return readEvent(message['detail-type'], message['detail']);
  return foreign(describe(message, text));
}

function readRecords(records: readonly JsonValue[]): Notification {
  const parts = records.map((record, index) => readRecord(record, `Records[${index}]`));
  return {
    test: false,
    objects: parts.flatMap(({ objects }) => objects),
    ignored: parts.flatMap(({ ignored }) => ignored),
    faults: parts.flatMap(({ faults }) => faults),
  };
}

function readRecord(record: JsonValue, place: string): Notification {
  const eventName = isObject(record) ? record['eventName'] : undefined;
  if (!isObject(record) || typeof eventName !== 'string') return foreign(`${place} has no eventName`);
  if (!isObject(record['s3'])) return foreign(`${place} (${shown(eventName)}) has no object s3`);
  if (!/^(s3:)?ObjectCreated:/.test(eventName)) return { ...nothing, ignored: [eventName] };
  return readObject(record['s3'], `${place}.s3`, decodeKey);
}

function readEvent(type: string, detail: JsonValue | undefined): Notification {
  if (type !== 'Object Created') return { ...nothing, ignored: [type] };
  return isObject(detail) ? readObject(detail, 'detail', (key) => key) : foreign('there is no object detail');
}

function readObject(
  { bucket, object }: JsonObject,
  place: string,
  keyOf: (key: string) => string | undefined,
): Notification {
  const name = isObject(bucket) ? bucket['name'] : undefined;
  if (typeof name !== 'string' || name === '') return foreign(`${place}.bucket.name is no text`);
  if (!isObject(object) || typeof object['key'] !== 'string' || object['key'] === '')
    return foreign(`${place}.object.key is no text`);
  const key = keyOf(object['key']);
  if (key === undefined) return foreign(`${place}.object.key is not URL-encoded: ${shown(object['key'])}`);
  const etag = text(object['eTag'] ?? object['etag'])?.replaceAll('"', '');
  const sequencer = text(object['sequencer']);
  return {
    ...nothing,
    objects: [
      {
        bucket: name,
        key,
        ...(etag === undefined ? {} : { etag }),
        ...(sequencer === undefined ? {} : { sequencer }),
      },
    ],
  };
}

const nothing: Notification = { objects: [], ignored: [], test: false, faults: [] };

function foreign(fault: string): Notification {
  return { ...nothing, faults: [fault] };
}

function decodeKey(key: string): string | undefined {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

/** Field names, but no values: those of a foreign message may be anybody's secrets. */
function describe(message: JsonValue | undefined, body: string): string {
  if (message === undefined) return `text that is not JSON, beginning with ${shown(body, 20)}`;
  if (!isObject(message))
    return Array.isArray(message) ? 'a JSON array' : `a JSON ${message === null ? 'null' : typeof message}`;
  return `a JSON object with the fields ${shown(Object.keys(message).join(', '))}`;
}

function parse(body: string): JsonValue | undefined {
  try {
    return JSON.parse(body) as JsonValue;
  } catch {
    return undefined;
  }
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
