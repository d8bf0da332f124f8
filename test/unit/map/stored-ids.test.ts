import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { createMapper, mapContext } from '../../../src/map/mapper.js';
import { createValidator } from '../../../src/validate.js';
import type { JsonObject } from '../../../src/record.js';

/** Ids that release 0.1.0 gave the events under test/cases: with others they would be stored a second time. */
const stored: Readonly<Record<string, string>> = {
  'client-connected/connector-of-a-network': '018fa9d416f8-buwqVDsCy5tgBAWNc0SDA9aAF4S1m3Gr',
  'client-connected/device-of-a-user': '018fa9cdd8d8-pR6nG-80wsWp0VhnC7ix60wsnVoIHH1v',
  'client-connected/first-release': '018c86f5bd88-rontoXhV1yN8y2iJFt1f3qBgJSllY-W9',
  'client-connected/little-is-known': '018fa9d41680-u1DVo8EvoKMNwo1oQI7mnoj_Fn30Nv-O',
  'client-disconnected/device-of-a-user': '018faa1a4d28-YAbW1oKipTrk_EujzhqBamYdp5GgMi5C',
  'client-disconnected/times-without-a-duration': '018faa1a4d28-hwDDD7Yemc8jRQ3gA4gEWyJzFiHLFZlM',
  'client-disconnected/values-that-do-not-fit': '018faa1a4d28-yNuCswMAVDvCwLF12mksEcT-cU0R33gQ',
  'domain-blocked/user-with-public-address': '018bb9ef07e0-gh_lmDb21dKk1z5aaoiXUl3dwmL1wLqO',
  'domain-blocked/values-that-do-not-fit': '018bb9ef03f8-jpT6N00xx0MEGGQgDhuLgMIONq3VwQsH',
  'domain-blocked/vendor-example': '018bb9ef03f8-zFTmCnkEKK2P09hPC-aqLMu84ZsuIi0Q',
  'flow-established/absent-null-and-empty': '018c86f5bd88-EN4KyYlkA-ATtsr5-a-JSEJLON-F6DGn',
  'flow-established/connector-initiator-site-to-site': '018c86f5bd88-L2Dky5TUapC-zG1CZv_lbr4GHiV4u6YJ',
  'flow-established/denied-to-private-network': '019cabd83493-KcTeillxQNHwvesVG8wVPSzrJhNMechr',
  'flow-established/device-initiator-with-user-parent': '018c86f5bd88-LRgtSzZNbebQ6MO9qv7FOsIlALCTCNSj',
  'flow-established/global-source-to-inside': '018c86f5bd88-owdxzrW8DZPh0-heTsFHVe_70C3y4C75',
  'flow-established/unknown-fields': '018c86f5bd88-dnVvdIIhyW9HCDmXJcvclOBJiqhbYyxs',
  'flow-established/user-group-and-ipv6': '018c86f5bd88-EXSM7gEWPF-Xz4a10Rs_moX7gwoG0Vib',
  'flow-established/user-to-user': '018c86f5bd88-3d2hRfpZ-gfN7UybtlrsLqkZr4Hkw9L1',
  'flow-established/values-that-do-not-fit': '000000000000-R1jhx_JW4CbdplwNimYRyc4tnNokRHcB',
  'flow-established/vendor-example': '018c86f5bd88-j4uqQ1gByyOrvohV8CjMlevhhDTWOqbe',
  'log-stream-paused/values-that-do-not-fit': '018bb3a31b88-iZtwixMZk0rOinYnc89nbZ-5e9dVtYsl',
  'log-stream-paused/vendor-example': '018bb3a31e81-BAfPVgtzlC7chUenl17Sob6HRyCYWmv5',
  'log-stream-started/vendor-example': '018bb39f7ca4-T34Ac9lQX9FiP4Vwjb595zTPJnel1wrY',
  'other/log-is-text': '019b76daa800-TWQBX6yUp4WISaqzGAiub0-3nAhI0KCt',
  'other/unknown-event-name': '019b76daa800-wSk1mcnWtmz8MS3Mu7UY19KOx98HAVm_',
  'test-message/of-a-group': '018c86f5bd88-YHgZiMnZdMyso8NQgYIdJB5dXx5mTNEF',
  'test-message/unexpected-log': '018bb39fec0f-nnv_zaUCQ0KrIUPTxq7YZN4_HflfUVeM',
  'test-message/vendor-example': '018bb39fec0f-UssOo3lms0_oUUErZWbo7qDADhqz8XP2',
  'traffic-blocked/device-of-a-user': '018bb9ed13e0-ui5phTrSHO7h_u6fI35RJxbJy8uXSWpd',
  'traffic-blocked/inbound-with-text-numbers': '018bb9ed17c8-EHWOv4uYp0WDLgkPIiDNeqYZAxVzMGvr',
  'traffic-blocked/values-that-do-not-fit': '018bb9ed17c8-7faTyu3UDb487TAZUfqd91htNEOIrLpB',
};

describe('map: the ids of stored events', () => {
  const mapper = createMapper();
  const validate = createValidator();

  for (const [name, id] of Object.entries(stored)) {
    it(`stays what it was for ${name}`, () => {
      const text = readFileSync(new URL(`../../cases/${name}.input.json`, import.meta.url), 'utf8');
      const value = JSON.parse(text) as JsonObject;
      expect(mapper.map({ text, value }, validate, mapContext(new Date(0))).id).to.equal(id);
    });
  }
});
