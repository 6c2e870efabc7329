// Keys for a user, the same on every screen that has one selected.
import { askBlock, askRemove } from '../action/block-user.ts';
import { askEdit } from '../action/edit-user.ts';
import { askGrant } from '../action/grant.ts';
import { askEnrol, askNewUser } from '../action/new-user.ts';
import type { Account } from '../data/accounts.ts';
import type { Desk, World } from '../desk/desk.ts';
import type { Binding } from '../keys/binding.ts';

/** `accountOf` finds who is selected. */
export function accountKeys(accountOf: (world: World) => Account | null): readonly Binding[] {
  const on = (run: (desk: Desk, account: Account) => void) => (desk: Desk) => {
    const account = accountOf(desk.world());
    if (account) run(desk, account);
  };
  const nobody = (world: World) => (accountOf(world) === null ? 'no user is selected' : null);
  const change = { role: 'admin', blocked: nobody } as const;
  return [
    { ...change, keys: ['g'], label: 'grant extra kWh for this month', hint: 'grant', run: on(askGrant) },
    { ...change, keys: ['e'], label: 'edit: quota, name …', hint: 'edit', run: on(askEdit) },
    { ...change, keys: ['B'], label: 'block or unblock', hint: 'block', run: on(askBlock) },
    { keys: ['n'], label: 'new user', hint: 'new', role: 'admin', run: (desk) => askNewUser(desk) },
    {
      keys: ['N'],
      label: 'enrol the next card that is shown',
      hint: 'enrol card',
      role: 'admin',
      run: askEnrol,
    },
    { ...change, keys: ['D'], label: 'remove the user', run: on(askRemove) },
  ];
}
