import { expect } from 'chai';
import { readdir } from 'node:fs/promises';
import { openCheckpoint } from '../../../src/checkpoint.js';
import { systemClock } from '../../../src/clock.js';
import { inputLines, inputStatus, isFailing } from '../../../src/commands/status-inputs.js';
import type { FileInputConfig, InputConfig } from '../../../src/config.js';
import { ConnectorError } from '../../../src/errors.js';
import { accounted } from '../../../src/input-account.js';
import type { Source } from '../../../src/record.js';
import { keepLog } from '../../support/sending.js';
import { sourceOf } from '../../support/source-of.js';
import { tempDir } from '../../support/temp-dir.js';

const fileInput = (path: string): FileInputConfig => ({ type: 'file', paths: [path], poll_interval_s: 1 });
const well = fileInput('well');
const failing = fileInput('failing');
const cut = new ConnectorError('CCX_INPUT_UNREADABLE', 'cut off', { place: 'failing/x' });

describe('the status of inputs', () => {
  let data_dir: string;

  beforeEach(async () => {
    data_dir = await tempDir();
  });

  /** One run of an input, to the end of its source. */
  async function read(input: InputConfig, plan: Source): Promise<void> {
    const checkpoint = await openCheckpoint(data_dir, { logger: keepLog().log });
    const source = accounted(plan, input, checkpoint, systemClock);
    try {
      for await (const stream of source.streams(new AbortController().signal)) {
        for await (const chunk of stream.bytes)
          await source.ack(stream.id, { offset: chunk.length, arrayDepth: 0 }, true);
      }
    } catch {
      // What was thrown is in the account.
    }
    await source.close();
    await checkpoint.close();
  }

  it('shows each input by itself: well, failing, and never run', async () => {
    await read(well, sourceOf([{ id: 'a', chunks: ['x'.repeat(3 * 1024 * 1024)] }]));
    await read(failing, sourceOf([cut]));
    const inputs = await inputStatus({ data_dir, inputs: [well, failing, { type: 'stdin' }] });
    expect(inputs.map(isFailing)).to.deep.equal([false, true, false]);
    const lines = inputLines(inputs).map((line) => line.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME'));
    expect(lines).to.deep.equal([
      '  ok        file well: 1 read, 3.0 MiB, last progress TIME',
      '  failing   file failing: 0 read, 0 bytes, last progress never',
      '            since TIME: CCX_INPUT_UNREADABLE failing/x: cut off',
      '  not run   stdin',
    ]);
  });

  it('leaves a data_dir that is not there alone', async () => {
    const inputs = await inputStatus({ data_dir: `${data_dir}/none`, inputs: [well] });
    expect(inputs).to.deep.equal([{ input: 'file well', account: null }]);
    expect(await readdir(data_dir)).to.deep.equal([]);
  });
});
