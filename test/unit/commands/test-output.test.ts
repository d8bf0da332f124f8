import { expect } from 'chai';
import {
  components,
  elastic,
  healthy,
  indices,
  privileges,
  allowed,
  template,
  testOutput,
} from '../../support/output-check.js';
import { scriptedServer, type Script } from '../../support/scripted-server.js';

describe('test output', () => {
  it('shows one line a check, and ends with 0, when events can be shipped', async () => {
    const host = await scriptedServer(healthy);
    const { code, text } = await testOutput([host]);
    expect(text).to.equal(
      `ok      ${host}: elasticsearch 9.5.3 (default), plain http, not encrypted\n` +
        'ok      privileges: the credentials may ship events\n' +
        'ok      templates: logs-cloudconnexa, logs-cloudconnexa@mappings, logs-cloudconnexa@settings are installed\n' +
        'ok      data streams: 2 of namespace default, none of them read-only\n' +
        'ok      cluster: its health is green; 40 of 2000 shards are open\n' +
        'ok      clock: this machine and the cluster agree about the time\n',
    );
    expect(code).to.equal(0);
  });

  it('asks a dozen times at most', async () => {
    let asked = 0;
    const counting = Object.entries(healthy).map(([key, answer]) => [
      key,
      () => {
        asked += 1;
        return typeof answer === 'function' ? answer() : answer;
      },
    ]);
    await testOutput([await scriptedServer(Object.fromEntries(counting) as Script)]);
    expect(asked).to.be.within(8, 12);
  });

  it('tests each host by itself', async () => {
    const good = await scriptedServer(healthy);
    const { code, text } = await testOutput([good, 'http://127.0.0.1:1']);
    expect(code).to.equal(1);
    expect(text)
      .to.contain(`ok      ${good}`)
      .and.match(/failed {2}http:\/\/127\.0\.0\.1:1: CCX_OUTPUT_UNREACHABLE/);
  });

  describe('says of a cluster', () => {
    const blocked = (setting: string): Script => ({
      'GET /logs-cloudconnexa.*-default/_settings': indices({
        '.ds-logs-cloudconnexa.flow-default-2026.11.23-000002': { [setting]: 'true' },
        '.ds-logs-cloudconnexa.flow-default-2026.11.22-000001': {},
      }),
    });
    const flow = '.ds-logs-cloudconnexa.flow-default-2026.11.23-000002';

    const cases: [what: string, script: Script, code: number, told: string][] = [
      [
        'that a privilege is missing',
        { 'POST /_security/user/_has_privileges': privileges({ ...allowed, create_doc: false }) },
        1,
        'missing privileges: CCX_OUTPUT_DENIED: the credentials lack create_doc on logs-cloudconnexa.*-default\n' +
          '        fix: Grant them to the user, key or role; manifest.json lists all that shipping needs under privileges.elasticsearch.ship.\n',
      ],
      [
        'that it cannot look up what is stored',
        { 'POST /_security/user/_has_privileges': privileges({ ...allowed, read: false }) },
        0,
        'ok      privileges: the credentials may ship events; to look up which are stored they lack read on logs-cloudconnexa.*-default\n',
      ],
      [
        'that setup has not been run',
        { 'GET /_index_template/logs-cloudconnexa': { status: 404, body: {} } },
        1,
        'missing templates: CCX_SETUP_MISSING: the index template logs-cloudconnexa is not installed\n' +
          '        fix: Run `cloudconnexa-ecs setup` with a user that may install templates, then start again.\n',
      ],
      [
        'that a template is older than this release',
        { 'GET /_component_template/logs-cloudconnexa@': components(1) },
        0,
        'warning templates: CCX_SETUP_OUTDATED: older than this release: logs-cloudconnexa@mappings (version 1 of 3)\n' +
          '        fix: Run `cloudconnexa-ecs setup` with a user that may install templates; `setup --dry-run` shows what it changes.\n',
      ],
      [
        'that a template is not ours',
        { 'GET /_index_template/logs-cloudconnexa': template({ index_patterns: ['logs-*'] }) },
        0,
        'warning templates: CCX_ASSET_FOREIGN: logs-cloudconnexa was not installed by cloudconnexa-ecs: events may be stored with other types\n' +
          '        fix: Rename or remove that object, or let setup replace it with --force.\n',
      ],
      [
        'that a full disk made an index read-only',
        blocked('index.blocks.read_only_allow_delete'),
        1,
        `failed  data streams: CCX_OUTPUT_READ_ONLY: ${flow} takes no events: a disk of the cluster is full (flood stage watermark), so the engine made it read-only\n` +
          '        fix: Make room or add a data node. The engine then lifts the block by itself; if it does not: ' +
          `PUT /${flow}/_settings {"index.blocks.read_only_allow_delete": null}.\n`,
      ],
      [
        'that somebody blocked an index for writing',
        blocked('index.blocks.write'),
        1,
        `failed  data streams: CCX_OUTPUT_READ_ONLY: ${flow} takes no events: it was blocked for writing (index.blocks.write)\n` +
          `        fix: Find out who set index.blocks.write, and lift it: PUT /${flow}/_settings {"index.blocks.write": null}.\n`,
      ],
      [
        'that somebody made an index read-only',
        blocked('index.blocks.read_only'),
        1,
        `failed  data streams: CCX_OUTPUT_READ_ONLY: ${flow} takes no events: it was made read-only (index.blocks.read_only)\n` +
          `        fix: Find out who set index.blocks.read_only, and lift it: PUT /${flow}/_settings {"index.blocks.read_only": null}.\n`,
      ],
      [
        'that an index is closed',
        blocked('index.verified_before_close'),
        1,
        `failed  data streams: CCX_OUTPUT_READ_ONLY: ${flow} takes no events: it is closed\n` +
          `        fix: Open it: POST /${flow}/_open.\n`,
      ],
      [
        'that an index stands where a data stream should be',
        { 'GET /logs-cloudconnexa.*-default/_settings': indices({ 'logs-cloudconnexa.flow-default': {} }) },
        0,
        'warning data streams: CCX_OUTPUT_NOT_STREAM: not a data stream but an index, made before setup with guessed types: logs-cloudconnexa.flow-default\n' +
          '        fix: Stop the connector, delete the index or reindex it elsewhere, run `cloudconnexa-ecs setup`, and start again.\n',
      ],
      [
        'that there are no data streams yet',
        { 'GET /logs-cloudconnexa.*-default/_settings': indices({}) },
        0,
        'ok      data streams: none yet of namespace default; the first events make them\n',
      ],
      [
        'that it is red, with an index of ours',
        {
          'GET /_cluster/health?': { body: { status: 'red' } },
          'GET /_cluster/health/': { body: { indices: { [flow]: { status: 'red' }, other: { status: 'green' } } } },
          'GET /_cluster/health/logs': { body: { indices: { [flow]: { status: 'red' }, other: { status: 'green' } } } },
        },
        1,
        `failed  cluster: CCX_OUTPUT_UNHEALTHY: its health is red; of ours: ${flow}\n` +
          '        fix: Ask the cluster for the reason (GET /_cluster/allocation/explain) and bring back the node or disk.\n',
      ],
      [
        'that it is red elsewhere',
        {
          'GET /_cluster/health?': { body: { status: 'red' } },
          'GET /_cluster/health/logs': { body: { indices: { [flow]: { status: 'green' } } } },
        },
        0,
        'warning cluster: CCX_OUTPUT_UNHEALTHY: its health is red, but no index of ours is\n' +
          '        fix: Ask the cluster for the reason (GET /_cluster/allocation/explain) and bring back the node or disk.\n',
      ],
      [
        'that no shard can be added',
        {
          'GET /_cluster/health?': {
            body: { status: 'yellow', number_of_data_nodes: 1, active_shards: 600, unassigned_shards: 400 },
          },
        },
        1,
        'failed  cluster: CCX_OUTPUT_NO_SHARDS: its health is yellow; 1000 of 1000 shards are open: too little room for new data streams\n' +
          '        fix: Delete indices that nobody needs, add a data node, or raise cluster.max_shards_per_node.\n',
      ],
      [
        'that few shards can be added',
        { 'GET /_cluster/settings': { body: { persistent: { cluster: { max_shards_per_node: '22' } } } } },
        0,
        'warning cluster: CCX_OUTPUT_NO_SHARDS: its health is green; 40 of 44 shards are open: too little room for new data streams\n' +
          '        fix: Delete indices that nobody needs, add a data node, or raise cluster.max_shards_per_node.\n',
      ],
    ];
    for (const [what, script, code, told] of cases) {
      it(what, async () => {
        const said = await testOutput([await scriptedServer({ ...healthy, ...script })]);
        expect(said.text).to.contain(told);
        expect(said.code).to.equal(code);
      });
    }
  });

  const logins: [name: string, env: Record<string, string>, forms: string[]][] = [
    ['an API key', { API_KEY: 'k3y-hunter2' }, ['k3y-hunter2']],
    ['a token', { BEARER_TOKEN: 't0ken-hunter2' }, ['t0ken-hunter2']],
    [
      'a password',
      { USERNAME: 'bob', PASSWORD: 'hunter2' },
      ['hunter2', Buffer.from('bob:hunter2').toString('base64')],
    ],
  ];
  for (const status of [400, 401, 403, 404, 429, 500]) {
    for (const [name, settings, forms] of logins) {
      it(`never shows ${name} that a server sends back with ${status}`, async () => {
        const echo = { error: { type: 'x', reason: forms.join(' ') } };
        const host = await scriptedServer({ 'GET ': { status, body: echo, headers: elastic } });
        const { text } = await testOutput([host], settings);
        expect(text).to.contain(host);
        for (const form of forms) expect(text).not.to.contain(form);
      });
    }
  }
});
