import { ConnectorError, type ErrorCode } from '../../errors.js';
import { explainFailure } from '../../target/explain.js';

/** The same failures as those of a cluster, with settings of their own to mend. */
const codes: Partial<Readonly<Record<ErrorCode, ErrorCode>>> = {
  CCX_OUTPUT_UNREACHABLE: 'CCX_DASHBOARDS_UNREACHABLE',
  CCX_OUTPUT_TLS: 'CCX_DASHBOARDS_TLS',
  CCX_OUTPUT_UNSUPPORTED: 'CCX_DASHBOARDS_UNSUPPORTED',
  CCX_PROXY: 'CCX_DASHBOARDS_UNREACHABLE',
};

/**
 * Why no answer came, in plain words.
 * @returns CCX_DASHBOARDS_UNREACHABLE, CCX_DASHBOARDS_TLS, CCX_DASHBOARDS_UNSUPPORTED or CCX_INTERNAL
 */
export function explainConnection(error: unknown, place: string): ConnectorError {
  const { code, message } = explainFailure(error, place);
  const said = message.replace('the cluster', 'the server').replace('output.', 'dashboards.');
  return new ConnectorError(codes[code] ?? code, said, { place, cause: error });
}

/** A failure of Kibana or OpenSearch Dashboards, not of the cluster. */
export function isOfFrontEnd(error: unknown): error is ConnectorError {
  return error instanceof ConnectorError && /^CCX_DASHBOARDS_/.test(error.code);
}
