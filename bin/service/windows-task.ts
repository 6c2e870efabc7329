// The scheduled task of a Windows service: starts with the machine, is started again, and runs as the account LocalService,
// which may read the program and write the data folder.
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { serveArguments, type ServiceFacts, type ServicePlan, type SystemCommand } from './plan.ts';

/** LocalService: few rights on the machine, none on the network. */
const LOCAL_SERVICE = 'S-1-5-19';

export function windowsPlan(facts: ServiceFacts): ServicePlan {
  const { name, program, configPath, dataDir } = facts;
  const path = join(tmpdir(), `${name}-task.xml`);
  const may = (file: string, rights: string): SystemCommand => [
    'icacls',
    file,
    '/grant',
    `*${LOCAL_SERVICE}:${rights}`,
    '/Q',
  ];
  const firewall = ['netsh', 'advfirewall', 'firewall'] as const;
  return {
    // Task Scheduler takes UTF-16 with its mark.
    file: { path, content: Buffer.from(`\uFEFF${taskXml(facts)}`, 'utf16le') },
    isCopied: true,
    install: [
      ...[program.file, ...program.args].map((file) => may(file, '(RX)')),
      ...(configPath === null ? [] : [may(configPath, '(R)')]),
      may(dataDir, '(OI)(CI)(M)'),
      [
        ...firewall,
        'add',
        'rule',
        `name=${name}`,
        'dir=in',
        'action=allow',
        `program=${program.file}`,
        'enable=yes',
      ],
      ['schtasks', '/Create', '/TN', name, '/XML', path, '/F'],
      ['schtasks', '/Run', '/TN', name],
    ],
    uninstall: [
      [program.file, ...program.args, 'stop', '--data', dataDir],
      ['schtasks', '/End', '/TN', name],
      ['schtasks', '/Delete', '/TN', name, '/F'],
      [...firewall, 'delete', 'rule', `name=${name}`],
    ],
    afterUninstall: [],
    status: ['schtasks', '/Query', '/TN', name, '/V', '/FO', 'LIST'],
    log: join(dataDir, '.kwota', 'log'),
  };
}

function taskXml(facts: ServiceFacts): string {
  const { program, dataDir } = facts;
  const args = serveArguments(facts).map(argument).join(' ');
  return `<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.4" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>kwota: OCPP central system with a monthly quota for every user</Description>
  </RegistrationInfo>
  <Triggers>
    <BootTrigger>
      <Enabled>true</Enabled>
    </BootTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <UserId>${LOCAL_SERVICE}</UserId>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <Priority>5</Priority>
    <RestartOnFailure>
      <Interval>PT1M</Interval>
      <Count>999</Count>
    </RestartOnFailure>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>${escaped(program.file)}</Command>
      <Arguments>${escaped(args)}</Arguments>
      <WorkingDirectory>${escaped(dirname(dataDir))}</WorkingDirectory>
    </Exec>
  </Actions>
</Task>
`;
}

/** As Windows programs take their command line apart; no path has a double quote in it. */
function argument(text: string): string {
  return /[\s"]/.test(text) ? `"${text.replace(/\\+$/, '$&$&')}"` : text;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
