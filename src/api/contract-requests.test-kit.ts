// The requests that contract.test.ts makes of each route, a file for each resource beside its routes. A group has one request
// that succeeds for each route, and one for each problem of its own; problems of the frame (tokens, roles, bodies, media
// types, rates) are produced for every route by the test itself. Not part of the program.
import type { ContractGroup } from './contract-group.test-kit.ts';
import { chargerContract } from './route/chargers.contract.test-kit.ts';
import { commandContract } from './route/commands.contract.test-kit.ts';
import { forwardContract, forwardOffContract } from './route/forward.contract.test-kit.ts';
import { observeContract } from './route/observe.contract.test-kit.ts';
import { refusingSiteContract, siteContract } from './route/site.contract.test-kit.ts';
import { userContract } from './route/users.contract.test-kit.ts';
import { webhookContract } from './route/webhooks.contract.test-kit.ts';

export const CONTRACT_GROUPS: readonly ContractGroup[] = [
  chargerContract,
  commandContract,
  userContract,
  siteContract,
  refusingSiteContract,
  observeContract,
  forwardContract,
  forwardOffContract,
  webhookContract,
];
