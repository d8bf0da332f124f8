import { shippingPrivileges } from '../target/privileges.js';
import type { Check } from './check.js';

/** Whether the credentials may ship events. */
export const privilegesCheck: Check = {
  subject: 'privileges',
  async look({ client, engine, namespace }) {
    const { known, missing, text } = await shippingPrivileges(client, engine, namespace);
    const said = text.replace(/^privileges: /, '');
    if (!missing) return { level: known ? 'ok' : 'unknown', text: said };
    const remedy = `Grant them to the user, key or role; manifest.json lists all that shipping needs under privileges.${engine}.ship.`;
    return { level: 'missing', code: 'CCX_OUTPUT_DENIED', text: said.replace(/; grant them.*$/, ''), remedy };
  },
};
