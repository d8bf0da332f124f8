/** Who a person is, in the fields of an ECS `user`. */
export interface UserFields {
  readonly id: string | undefined;
  readonly email: string | undefined;
  readonly name: string | undefined;
  readonly full_name: string | undefined;
}

const NOBODY: UserFields = { id: undefined, email: undefined, name: undefined, full_name: undefined };

type Text = string | undefined;

/**
 * The user behind an event: the initiator when it is a User; its parent when a Device's parent is a User; nobody for a
 * Connector. An id that is an e-mail address is the user's e-mail and name, and the vendor's name the full name;
 * otherwise the vendor's name is the user's name, or else the id.
 */
export function user(type: Text, id: Text, name: Text, parentType: Text, parentId: Text, parentName: Text): UserFields {
  if (type === 'User') return person(id, name);
  if (type === 'Device' && parentType === 'User') return person(parentId, parentName);
  return NOBODY;
}

/**
 * The user a flow's source belongs to. The parent's name is not reliably the user's, so a name is taken only from the
 * event's user, when both are the same; else from an id that is an e-mail address.
 */
export function sourceUser(
  parentType: Text,
  parentId: Text,
  id: Text,
  email: Text,
  name: Text,
  fullName: Text,
): UserFields {
  if (parentType !== 'User' || parentId === undefined) return NOBODY;
  if (parentId === id) return { id, email, name, full_name: fullName };
  return isEmail(parentId) ? person(parentId, undefined) : { ...NOBODY, id: parentId };
}

function person(id: Text, name: Text): UserFields {
  if (id !== undefined && isEmail(id)) return { id, email: id, name: id, full_name: name };
  return { id, email: undefined, name: name ?? id, full_name: undefined };
}

/** One `@` with something on both sides, a dot in the domain, no space: enough to tell an address from a UUID or a word. */
function isEmail(text: string): boolean {
  const at = text.indexOf('@');
  return (
    at > 0 &&
    text.indexOf('.', at + 2) > 0 &&
    !text.endsWith('.') &&
    text.indexOf('@', at + 1) < 0 &&
    !text.includes(' ')
  );
}
