// The systemd unit of a Linux service: starts with the machine, is started again, and may write its data folder and nothing else.
import { dirname } from 'node:path';
import { serveArguments, type ServiceFacts, type ServicePlan } from './plan.ts';

export function systemdPlan(facts: ServiceFacts): ServicePlan {
  const { name } = facts;
  const unit = `${name}.service`;
  return {
    file: { path: `/etc/systemd/system/${unit}`, content: unitText(facts) },
    isCopied: false,
    install: [
      ['systemctl', 'daemon-reload'],
      ['systemctl', 'enable', unit],
      // Also where an older one runs.
      ['systemctl', 'restart', unit],
    ],
    uninstall: [['systemctl', 'disable', '--now', unit]],
    afterUninstall: [['systemctl', 'daemon-reload']],
    status: ['systemctl', 'status', '--no-pager', '--lines=5', unit],
    log: `journalctl -u ${name} -f`,
  };
}

function unitText(facts: ServiceFacts): string {
  const { dataDir, user, needsLowPort, program } = facts;
  const command = [program.file, ...serveArguments(facts)].map(quoted).join(' ');
  const port = needsLowPort ? 'CAP_NET_BIND_SERVICE' : '';
  return `# Written by kwota service install. Changes go into a drop-in: systemctl edit ${facts.name}
[Unit]
Description=kwota: OCPP central system with a monthly quota for every user
Wants=network-online.target
After=network-online.target time-sync.target
StartLimitIntervalSec=0

[Service]
ExecStart=${command}
WorkingDirectory=${dirname(dataDir).replaceAll('%', '%%')}
${user === null ? '' : `User=${user}\n`}Restart=always
RestartSec=2
# It ends by itself within five seconds.
TimeoutStopSec=10
LimitNOFILE=65536
# The shared files are for other programs to read.
UMask=0022

# It writes its data folder and nothing else, and gains no rights.
ReadWritePaths="${escaped(dataDir)}"
ProtectSystem=strict
ProtectHome=read-only
PrivateTmp=yes
PrivateDevices=yes
NoNewPrivileges=yes
CapabilityBoundingSet=${port}
AmbientCapabilities=${port}
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
RemoveIPC=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM
# Not MemoryDenyWriteExecute: JavaScript is compiled while it runs.

[Install]
WantedBy=multi-user.target
`;
}

/** An argument of ExecStart: in quotes, and without what systemd would replace. */
function quoted(argument: string): string {
  return `"${escaped(argument).replaceAll('$', '$$$$')}"`;
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%');
}
