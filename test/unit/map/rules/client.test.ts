import { expect } from 'chai';
import { carrier, device, first, os } from '../../../../src/map/rules/client.js';

describe('map: rules for clients', () => {
  const systems: readonly (readonly [string | undefined, string | undefined])[] = [
    ['win', 'windows'],
    ['Windows 11', 'windows'],
    ['mac', 'macos'],
    ['macOS', 'macos'],
    ['Mac OS X', 'macos'],
    ['linux', 'linux'],
    ['Ubuntu', 'linux'],
    ['android', 'android'],
    ['iOS', 'ios'],
    ['freebsd', 'unix'],
    ['plan9', undefined],
    ['window cleaner', undefined],
    ['', undefined],
    [undefined, undefined],
  ];
  for (const [name, type] of systems) {
    it(`takes the system ${String(name)} for ${String(type)}`, () => {
      expect(os(name).type).to.equal(type);
    });
  }

  it('finds transport and protocol in whichever of two names they are', () => {
    const expected = { transport: 'udp', iana_number: '17', protocol: 'openvpn' };
    expect(carrier('UDP', 'OpenVPN')).to.deep.equal(expected);
    expect(carrier('OpenVPN', 'UDPv4')).to.deep.equal(expected);
  });

  it('takes no name for a transport that does not start with tcp or udp', () => {
    expect(carrier(undefined, 'HTTPS')).to.deep.equal({
      transport: undefined,
      iana_number: undefined,
      protocol: 'https',
    });
  });

  it('has a host only for a Device', () => {
    expect(device('Device', 'd1', 'Laptop-7', undefined, 'fd00::1')).to.deep.equal({
      id: 'd1',
      name: 'laptop-7',
      ip: ['fd00::1'],
    });
    expect(device('Device', 'd1', undefined).ip).to.equal(undefined);
    expect(device('Connector', 'c1', 'Site', '10.0.0.1')).to.deep.equal({
      id: undefined,
      name: undefined,
      ip: undefined,
    });
  });

  it('takes the first value that there is', () => {
    expect(first(undefined, 'b', 'c').value).to.equal('b');
    expect(first(undefined).value).to.equal(undefined);
  });
});
