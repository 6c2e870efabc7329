// The clients of the API, together: all that the dashboard asks a server.
import { createApiClient, type ApiAccess, type ApiClient } from '../../src/api/client.ts';
import { createCommandClient, type CommandClient } from '../../src/api/command-client.ts';
import { createObserveClient, type ObserveClient } from '../../src/api/observe-client.ts';
import { createSiteClient, type SiteClient } from '../../src/api/site-client.ts';
import { createUserClient, type UserClient } from '../../src/api/user-client.ts';

export interface SiteApi {
  readonly chargers: ApiClient;
  readonly commands: CommandClient;
  readonly observe: ObserveClient;
  readonly site: SiteClient;
  readonly users: UserClient;
}

export function createSiteApi(access: ApiAccess): SiteApi {
  return {
    chargers: createApiClient(access),
    commands: createCommandClient(access),
    observe: createObserveClient(access),
    site: createSiteClient(access),
    users: createUserClient(access),
  };
}
