import type { Config } from '../../config.js';
import type { Engine } from '../../target/capability.js';
import type { Look } from '../object-store.js';
import { createFrontEnd, type FrontEnd } from './client.js';
import { products } from './product.js';
import { verify } from './verify.js';

/** The way to Kibana or OpenSearch Dashboards: opened when it is first needed, once for all that is stored there. */
export interface FrontEndAccess {
  /**
   * Does a look, where there is a server and it lets us in.
   * @throws ConnectorError CCX_DASHBOARDS_… as `FrontEnd.ask` and `verify` do
   */
  readonly through: <Stored>(look: (server: FrontEnd) => Promise<Look<Stored>>) => Promise<Look<Stored>>;
  /** After a look that was open. */
  readonly open: () => Promise<FrontEnd>;
  readonly close: () => Promise<void>;
}

export function frontEndAccess(config: Pick<Config, 'dashboards' | 'output'>, engine: Engine): FrontEndAccess {
  const { url, space, tenant } = config.dashboards;
  let server: FrontEnd | undefined;
  let closed: Promise<string | undefined> | undefined;
  const connect = (): FrontEnd => (server ??= createFrontEnd(config, engine));
  return {
    through: async (look) => {
      if (url === undefined) return { state: 'closed', why: withoutUrl(engine), denied: false };
      const corner = { ...(space === undefined ? {} : { space }), ...(tenant === undefined ? {} : { tenant }) };
      const why = await (closed ??= verify(connect(), corner));
      return why === undefined ? look(connect()) : { state: 'closed', why, denied: true };
    },
    open: () => Promise.resolve(connect()),
    close: async () => server?.close(),
  };
}

function withoutUrl(engine: Engine): string {
  const { name } = products[engine];
  return `The address of ${name} is not known: set dashboards.url to install into it.`;
}
