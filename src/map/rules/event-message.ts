import { endpoint } from './message.js';

type Text = string | undefined;

/** Who caused an event: `Ann Lee on ann-macbook`, or what is known of it. */
type Actor = readonly [fullName: Text, userName: Text, initiatorType: Text, initiatorName: Text];

/** `Ann Lee on Ann-MacBook connected from 203.0.113.7 to San Jose (CA)`. */
export function connectedMessage(address: Text, region: Text, ...actor: Actor): { message: string } {
  return { message: sentence(who(actor) ?? 'A client', 'connected', worded('from', address), worded('to', region)) };
}

/** `Ann Lee on Ann-MacBook disconnected from San Jose (CA) after 1 h 23 min: The client closed the connection`. */
export function disconnectedMessage(
  region: Text,
  durationNs: number | undefined,
  reason: Text,
  ...actor: Actor
): { message: string } {
  const after = durationNs === undefined ? undefined : spanText(Math.floor(durationNs / 1e9));
  const message = sentence(who(actor) ?? 'A client', 'disconnected', worded('from', region), worded('after', after));
  return { message: message + detail(reason) };
}

/** `Blocked domain c2c.example.net (Command and Control) for Ann Lee on Ann-MacBook`. */
export function domainMessage(domain: Text, category: Text, ...actor: Actor): { message: string } {
  const kind = category === undefined ? undefined : `(${category})`;
  return {
    message: sentence(
      'Blocked',
      domain === undefined ? 'a domain' : `domain ${domain}`,
      kind,
      worded('for', who(actor)),
    ),
  };
}

/** `Blocked tcp traffic of Ann Lee on Ann-MacBook from 100.96.1.34:52344 to 203.0.113.66:443: ET MALWARE …`. */
export function trafficMessage(
  signature: Text,
  transport: Text,
  sourceAddress: Text,
  sourcePort: number | undefined,
  destinationAddress: Text,
  destinationPort: number | undefined,
  ...actor: Actor
): { message: string } {
  const from = endpoint(sourceAddress, sourcePort);
  const to = endpoint(destinationAddress, destinationPort);
  const message = sentence(
    'Blocked',
    transport,
    'traffic',
    worded('of', who(actor)),
    worded('from', from),
    worded('to', to),
  );
  return { message: message + detail(signature) };
}

const STREAM_VERBS = new Map([
  ['log-stream-started', 'started'],
  ['log-stream-paused', 'paused'],
]);

/** `Log streaming to s3-bucket (eu-central-1) was paused by My Admin`. */
export function streamMessage(eventName: Text, bucket: Text, region: Text, ...actor: Actor): { message: string } {
  const verb = STREAM_VERBS.get(eventName ?? '') ?? 'changed';
  const place = region === undefined ? undefined : `(${region})`;
  return { message: sentence('Log streaming', worded('to', bucket), place, `was ${verb}`, worded('by', who(actor))) };
}

/** `A test message was sent by My Admin`. */
export function testMessage(...actor: Actor): { message: string } {
  return { message: sentence('A test message was sent', worded('by', who(actor))) };
}

function who([fullName, userName, initiatorType, initiatorName]: Actor): Text {
  const person = fullName ?? userName;
  if (initiatorType === 'User' || initiatorName === undefined) return person;
  return person === undefined ? initiatorName : `${person} on ${initiatorName}`;
}

function worded(word: string, value: Text): Text {
  return value === undefined ? undefined : `${word} ${value}`;
}

function detail(text: Text): string {
  return text === undefined ? '' : `: ${text}`;
}

function sentence(...parts: readonly Text[]): string {
  return parts.filter((part) => part !== undefined).join(' ');
}

/** The two greatest units of a time span: `45 s`, `1 h 23 min`, `2 d 3 h`. */
function spanText(seconds: number): string {
  const parts: string[] = [];
  let left = seconds;
  for (const [unit, size] of UNITS) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0 || (parts.length === 0 && unit === 's')) parts.push(`${count} ${unit}`);
    else if (parts.length > 0) break;
    if (parts.length === 2) break;
  }
  return parts.join(' ');
}

const UNITS = [
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
  ['s', 1],
] as const;
