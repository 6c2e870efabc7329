// Leaving the dashboard. It never ends the server by accident: that is a choice of its own.
import type { Desk } from '../desk/desk.ts';
import { openMenu } from '../dialog/menu.ts';

export function askLeave(desk: Desk): void {
  if (!desk.world().facts.hasStartedServer) {
    desk.leave('server-running');
    return;
  }
  openMenu(desk, {
    title: 'Leave the dashboard',
    text: ['The server was started with this dashboard. Chargers need it to charge by quota.'],
    items: [
      { key: 'l', label: 'leave it running', run: () => desk.leave('server-running') },
      { key: 's', label: 'stop it as well', run: () => desk.leave('stop-server') },
    ],
  });
}
