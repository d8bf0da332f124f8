import type { Engine } from '../../target/capability.js';

/** In what the two front ends differ, as far as it matters here. */
export interface Product {
  readonly name: string;
  /** Without it every changing request is refused with 400; its value does not matter. */
  readonly xsrfHeader: string;
  /** Every answer has it. */
  readonly nameHeader: string;
  /** Checked in: what this release installs there. */
  readonly savedObjects: string;
}

/** Which front end belongs to which engine. */
export const products: Readonly<Record<Engine, Product>> = {
  elasticsearch: {
    name: 'Kibana',
    xsrfHeader: 'kbn-xsrf',
    nameHeader: 'kbn-name',
    savedObjects: 'dashboards/generated/kibana.ndjson',
  },
  opensearch: {
    name: 'OpenSearch Dashboards',
    xsrfHeader: 'osd-xsrf',
    nameHeader: 'osd-name',
    savedObjects: 'dashboards/generated/opensearch-dashboards.ndjson',
  },
};
