type Text = string | undefined;

/**
 * A sentence for a person, of what is known:
 * `Denied tcp flow from Ann Lee on laptop-7 (100.96.1.34) to db01 (10.1.2.3:5432) in Datacenter`.
 */
export function flowMessage(
  allowed: boolean | undefined,
  transport: Text,
  fullName: Text,
  userName: Text,
  initiatorName: Text,
  sourceName: Text,
  sourceAddress: Text,
  destinationName: Text,
  destinationAddress: Text,
  destinationPort: number | undefined,
  destinationNetwork: Text,
): { message: string } {
  const to = place(destinationName, endpoint(destinationAddress, destinationPort));
  const message =
    flowVerdict(allowed, transport) +
    flowSource(fullName, userName, initiatorName, sourceName, sourceAddress) +
    (to === undefined ? '' : TO + to) +
    flowNetwork(destinationNetwork);
  return { message };
}

/** What stands before the destination of a flow. */
export const TO = ' to ';

/** `Denied tcp flow`. */
export function flowVerdict(allowed: boolean | undefined, transport: Text): string {
  const flow = transport === undefined ? 'flow' : transport + ' flow';
  return allowed === undefined ? 'Unjudged ' + flow : (allowed ? 'Allowed ' : 'Denied ') + flow;
}

/** ` from Ann Lee on laptop-7 (100.96.1.34)`, or nothing. */
export function flowSource(
  fullName: Text,
  userName: Text,
  initiatorName: Text,
  sourceName: Text,
  sourceAddress: Text,
): string {
  const who = fullName ?? userName ?? initiatorName;
  const from = place(
    who === undefined ? sourceName : who + (sourceName === undefined ? '' : ' on ' + sourceName),
    sourceAddress,
  );
  return from === undefined ? '' : ' from ' + from;
}

/** ` in Datacenter`, or nothing. */
export function flowNetwork(destinationNetwork: Text): string {
  return destinationNetwork === undefined ? '' : ' in ' + destinationNetwork;
}

/** `device-approved of Ann Lee`. */
export function eventMessage(
  eventName: Text,
  fullName: Text,
  userName: Text,
  initiatorName: Text,
): { message: string } {
  const who = fullName ?? userName ?? initiatorName;
  return { message: (eventName ?? 'Unnamed event') + (who === undefined ? '' : ' of ' + who) };
}

function place(name: Text, address: Text): Text {
  if (name === undefined) return address;
  return address === undefined ? name : name + ' (' + address + ')';
}

/** `10.1.2.3:5432`, `[fd00::1]:22`, or what there is of it. */
export function endpoint(address: Text, port: number | undefined): Text {
  if (port === undefined) return address;
  if (address === undefined) return 'port ' + port;
  return (address.includes(':') ? '[' + address + ']' : address) + ':' + port;
}
