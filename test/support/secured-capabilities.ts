import type { EngineKind } from '../../src/engine/index.js';

/** What the securities of the two engines differ in, as far as it matters here. */
export const securedCapabilities = {
  create_only: 'a privilege to add documents that is none to replace them',
  own_privileges: 'an answer to everyone who asks which privileges they have',
  data_stream_api: 'DELETE _data_stream (not in the minimal Elasticsearch)',
} as const;

export type SecuredCapability = keyof typeof securedCapabilities;

/** NOT_SUPPORTED. */
export const securedLacks: Readonly<Record<EngineKind, readonly SecuredCapability[]>> = {
  elasticsearch: ['data_stream_api'],
  opensearch: ['create_only', 'own_privileges'],
};
