// The launchd job of a macOS service: starts with the machine and is started again.
import { dirname, join } from 'node:path';
import { serveArguments, type ServiceFacts, type ServicePlan } from './plan.ts';

export function launchdPlan(facts: ServiceFacts): ServicePlan {
  const label = `org.kwota.${facts.name}`;
  const path = `/Library/LaunchDaemons/${label}.plist`;
  return {
    file: { path, content: plist(facts, label) },
    isCopied: false,
    install: [['launchctl', 'bootstrap', 'system', path]],
    uninstall: [['launchctl', 'bootout', `system/${label}`]],
    afterUninstall: [],
    status: ['launchctl', 'print', `system/${label}`],
    log: logFile(facts),
  };
}

function logFile({ dataDir, name }: ServiceFacts): string {
  return join(dataDir, '.kwota', `${name}.log`);
}

function plist(facts: ServiceFacts, label: string): string {
  const { program, dataDir, user } = facts;
  const strings = [program.file, ...serveArguments(facts)]
    .map((text) => `    <string>${escaped(text)}</string>`)
    .join('\n');
  const userName = user === null ? '' : `  <key>UserName</key>\n  <string>${escaped(user)}</string>\n`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>${label}</string>
  <key>ProgramArguments</key>
  <array>
${strings}
  </array>
${userName}  <key>WorkingDirectory</key>
  <string>${escaped(dirname(dataDir))}</string>
  <key>StandardErrorPath</key>
  <string>${escaped(logFile(facts))}</string>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <true/>
</dict>
</plist>
`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
