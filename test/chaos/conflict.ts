import type { Store } from './store.js';

interface Template {
  readonly composed_of: readonly string[];
  readonly ignore_missing_component_templates?: readonly string[];
  readonly template?: object;
  readonly priority: number;
}

interface Found {
  readonly index_templates: readonly { readonly index_template: Template }[];
}

/**
 * A template of somebody else's, stronger than ours, in which `user_agent.original` is a number: the engine answers 400 for
 * each flow that has one.
 * @returns mends it: the template is as ours, and the streams roll over.
 */
export async function makeConflict(store: Store): Promise<() => Promise<void>> {
  const name = `chaos-conflict-${store.namespace}`;
  const found = (await store.call('GET', '/_index_template/logs-cloudconnexa')) as Found;
  const ours = found.index_templates[0]?.index_template;
  if (ours === undefined) throw new Error('the index template of the connector is not installed');
  const { composed_of, ignore_missing_component_templates: optional, template = {} } = ours;
  const put = (mappings: object): Promise<unknown> =>
    store.call('PUT', `/_index_template/${name}`, {
      ...{ composed_of, data_stream: {}, ...(optional && { ignore_missing_component_templates: optional }) },
      index_patterns: [`logs-cloudconnexa.flow-${store.namespace}`],
      priority: ours.priority + 100,
      template: { ...template, mappings },
    });
  await put({ properties: { user_agent: { properties: { original: { type: 'long', ignore_malformed: false } } } } });
  return async () => {
    // It cannot be removed while a stream uses it.
    await put({});
    await store.rollOver();
  };
}
