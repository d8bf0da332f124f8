import { attacker, attackFlow } from './attack.js';
import { createCompany } from './company.js';
import { dailyFlow, flowEvent } from './flows.js';
import { PERIOD_MS, randomOfDay, sampleTime, type SampleOptions } from './options.js';
import { createRandom } from './random.js';

/**
 * Made-up `flow-established` events alone, as JSON texts, in order of time: people of a company at work, most flows allowed,
 * some denied by habit, and one attack hidden in them: {@link attackFlow} tells its story.
 */
export function* sampleFlows(options: SampleOptions): Generator<string> {
  const { seed, count, end, attack = true } = options;
  const companyRandom = createRandom(seed);
  const company = createCompany(companyRandom);
  const random = randomOfDay(options, companyRandom);
  const intruder = attacker(company);
  const start = end.getTime() - PERIOD_MS;
  for (let i = 0; i < count; i++) {
    const share = (i + 1) / count;
    const flow = (attack ? attackFlow(random, company, intruder, share) : undefined) ?? dailyFlow(random, company);
    const timestamp = sampleTime(random, start + Math.floor(share * PERIOD_MS));
    yield JSON.stringify(flowEvent(random, company, flow, timestamp, flow.device.sessionId));
  }
}
