// What to type into a charger, from the addresses that this machine has, and what a firewall has to let in.
import { existsSync, readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { finding, type Finding } from './finding.ts';

const EVERY_ADDRESS = new Set(['0.0.0.0', '::']);
const LOOPBACK = /^(127\.|::1$|localhost$)/;
/** Networks between programs of one machine. */
const VIRTUAL = /^(docker|br-|veth|virbr|vEthernet|vmnet|tun|tap|wg|zt|tailscale)/i;

/** Where chargers connect. */
export interface ChargerDoor {
  readonly scheme: 'ws' | 'wss';
  readonly host: string;
  readonly port: number;
  readonly pathPrefix: string | null;
}

interface Address {
  readonly address: string;
  readonly network: string;
}

/** The URL for each address of the machine, those of real networks first. */
export function checkAddresses(doors: readonly ChargerDoor[]): Finding[] {
  return doors.flatMap((door) => {
    if (door.port === 0) {
      const text = 'ocpp.port is 0, any free one: the [READY] line of kwota serve says which';
      return [finding('note', 'charger', text, 'give it a number, for chargers remember it')];
    }
    if (LOOPBACK.test(door.host)) {
      const text = `ocpp.host is ${door.host}: no charger of another machine can connect`;
      return [finding('warning', 'charger', text, 'set ocpp.host to 0.0.0.0')];
    }
    const addresses = EVERY_ADDRESS.has(door.host) ? ownAddresses() : [{ address: door.host, network: '' }];
    if (addresses.length === 0)
      return [finding('bad', 'charger', 'this machine is on no network', 'connect it, and run this again')];
    return addresses.map(({ address, network }) => {
      const where = network === '' ? '' : ` (network ${network})`;
      const hint = 'a charger that does not append its id gets it behind the last /';
      return finding('note', 'charger', `type ${urlOf(door, address)}${where}`, hint);
    });
  });
}

function urlOf({ scheme, port, pathPrefix }: ChargerDoor, address: string): string {
  const host = address.includes(':') ? `[${address}]` : address;
  const prefix = pathPrefix === null ? '' : `${pathPrefix.replace(/^\/+|\/+$/g, '')}/`;
  return `${scheme}://${host}:${port}/${prefix}`;
}

/** IPv4, and IPv6 only where there is none: chargers rarely speak it. */
function ownAddresses(): Address[] {
  const all = Object.entries(networkInterfaces()).flatMap(([network, found = []]) =>
    found.filter(({ internal }) => !internal).map(({ address, family }) => ({ address, family, network })),
  );
  const isLinkLocal = (address: string) => /^(169\.254\.|fe80:)/i.test(address);
  const usable = all.filter(({ address }) => !isLinkLocal(address));
  const v4 = usable.filter(({ family }) => family === 'IPv4');
  const shown = v4.length > 0 ? v4 : usable;
  return shown.sort((a, b) => Number(VIRTUAL.test(a.network)) - Number(VIRTUAL.test(b.network)));
}

/** How this machine's firewall lets the ports in; which one is active is only known where it says so. */
export function checkFirewall(ports: readonly [number, ...number[]]): Finding {
  const [first] = ports;
  const list = ports.join(' and ');
  const each = (command: (port: number) => string) => ports.map(command).join(' && ');
  if (process.platform === 'win32') {
    const command = each(
      (port) =>
        `netsh advfirewall firewall add rule name="kwota ${port}" dir=in action=allow protocol=TCP localport=${port}`,
    );
    return finding('note', 'firewall', `Windows asks at the first start; or, as administrator: ${command}`);
  }
  if (isUfwEnabled())
    return finding('note', 'firewall', `ufw is on: sudo ${each((port) => `ufw allow ${port}/tcp`)}`);
  if (existsSync('/run/firewalld')) {
    const command = each((port) => `firewall-cmd --permanent --add-port=${port}/tcp`);
    return finding('note', 'firewall', `firewalld is on: sudo ${command} && sudo firewall-cmd --reload`);
  }
  const text = `a firewall, if there is one, has to let TCP ${list} in`;
  return finding(
    'note',
    'firewall',
    text,
    `from another PC: curl -v http://THIS_PC:${first}/ answers when it does`,
  );
}

function isUfwEnabled(): boolean {
  try {
    return /^ENABLED=yes$/m.test(readFileSync('/etc/ufw/ufw.conf', 'utf8'));
  } catch {
    return false;
  }
}
