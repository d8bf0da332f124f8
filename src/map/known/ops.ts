/**
 * Numbers on which the assembly (`assembly/core.ts`, which imports this file) and its callers agree. All words are 32-bit, all places
 * are addresses in the assembly's memory.
 */

/** What ended a run of events: the bytes, an event of another form, another name, something that is not kept yet, room for documents. */
export const MORE = 1;
export const UNKNOWN = 2;
export const OTHER_NAME = 3;
export const MISSING = 4;
export const FULL = 5;

/** Steps of a scan, each with its words behind it. */
/** mark: a run of a group's members begins here. */
export const SCAN_BEGIN = 1;
/** mark: it ends here. */
export const SCAN_END = 2;
/** text, its length, mark of the value or 0, mark of the whole member or 0: a member that may be there. */
export const SCAN_GROUPED = 3;
/** The same; the value is a string of which nothing but its bytes counts. */
export const SCAN_COPIED = 4;
/** text, its length, mark of the name or 0, where in the text it begins: the member `eventName` with the comma before it. */
export const SCAN_NAME = 5;
/** text, its length, mark, address of the words behind SCAN_LOG_END, count of marks, marks that are nowhere without `log`. */
export const SCAN_LOG = 6;
export const SCAN_LOG_END = 7;
export const SCAN_EVENT_END = 8;

/** Steps of writing a document, each with its words behind it. */
/** text, its length, 1 or 0: whether a comma has to stand before the next member that is not there always. */
export const WRITE_TEXT = 1;
/** The time of reading. */
export const WRITE_READ_AT = 2;
/** mark: the bytes there. */
export const WRITE_COPIED = 3;
/** mark, text before, its length, text behind, its length: a member if there are bytes. */
export const WRITE_COPIED_MEMBER = 4;
/** Number of what is kept, piece: members. */
export const WRITE_MEMBERS = 5;
/** text, its length: an object that is there if it has members. */
export const WRITE_OPEN = 6;
export const WRITE_CLOSE = 7;
/** text, its length, count, of each its number and piece: a list of what is there, each once; the piece has no quotes. */
export const WRITE_LIST = 8;
/** Number, piece: its bytes alone. */
export const WRITE_PIECE = 9;
/** text, its length, number and piece of a name, number and piece of an address: `name (address)`, or what is there. */
export const WRITE_PLACE = 10;
/** The members that tell where the event was read, and the end. */
export const WRITE_END = 11;
/** The comma, if one has to stand there. */
export const WRITE_COMMA = 12;

/** Word numbers of a list's description. */
export const LIST_SCAN = 0;
export const LIST_GROUPS = 1;
export const LIST_WRITE = 2;
export const LIST_ACTION = 3;
export const LIST_ACTION_BYTES = 4;
export const LIST_TIME_MARK = 5;
/** Of the description of the canonical text, or 0: mark of `log`, count of members, marks of members in their order. */
export const LIST_CANONICAL = 6;
/** Count and marks of the copied values. */
export const LIST_COPIED = 7;
/** How near to the end of the bytes a fault may come of their end. */
export const LIST_LONGEST = 8;

/** Kinds of what is kept. By bytes: id, mark of the bytes that lead to it or -1 if all do, count, marks of its runs. By parts: id, count, of each its number and piece, or -1 for itself. */
export const BY_BYTES = 1;
export const BY_PARTS = 2;

/** Bytes of a record before the bytes by which it is known: its id, the address of its pieces (each address and length), two of none. */
export const RECORD_HEAD = 16;

/** Words of what is told of an event, the last two a double: begin, end, end of its lines, place of the digest, canonical text from, to, time. */
export const TOLD_WORDS = 8;

/** Characters of base64url kept of the digest in an id: 192 bits. */
export const DIGEST_CHARS = 32;

/** Bytes behind any place that may be read or written without harm. */
export const SLACK = 16;

/** How deep objects may be in each other that are there if they have members. */
export const MOST_OPEN = 8;
