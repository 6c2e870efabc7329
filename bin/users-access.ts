// Which desk `kwota users` goes to: the server named or running on the data folder, else the file itself.
import { randomUUID } from 'node:crypto';
import { ApiClientError, type ApiAccess } from '../src/api/client.ts';
import { createUserClient, type UserClient } from '../src/api/user-client.ts';
import { kWhOf } from '../src/domain/energy.ts';
import type { User } from '../src/domain/user.ts';
import { FolderLockError } from '../src/files/folder-lock.ts';
import { accessOf, type ApiOptions } from './api-access.ts';
import { readConfiguration } from './configuration.ts';
import { usersInFile } from './users-in-file.ts';
import type { DeskUser, UsersDesk } from './users-desk.ts';

/** Without a server, and without one named, the file is edited under the folder's lock. */
export async function withUsersDesk(
  options: ApiOptions,
  run: (desk: UsersDesk) => Promise<void>,
): Promise<void> {
  const access = await localOrNamed(options);
  if (access) return run(serverDesk(createUserClient(access)));
  try {
    await run(fileDesk(options));
  } catch (error) {
    if (error instanceof FolderLockError && error.code === 'locked')
      throw new FolderLockError('locked', error.message, 'it does not answer: try again', { cause: error });
    throw error;
  }
}

/** Null: no server runs on the data folder. */
async function localOrNamed(options: ApiOptions): Promise<ApiAccess | null> {
  try {
    const access = accessOf(options);
    if (options.url === undefined) await createUserClient(access).unknownTags();
    return access;
  } catch (error) {
    if (error instanceof ApiClientError && error.code === 'noServer' && options.url === undefined)
      return null;
    throw error;
  }
}

function serverDesk(client: UserClient): UsersDesk {
  return {
    list: () => client.users(),
    add: (idTag, fields) => client.add({ idTag, ...fields }),
    change: (idTag, fields) => client.change(idTag, fields),
    remove: (idTag) => client.remove(idTag),
    import: (list) => client.import(list),
    server: {
      grant: (idTag, grant) => client.grant(idTag, grant, randomUUID()),
      grants: (idTag) => client.grants(idTag),
      revoke: (idTag, grantId) => client.revoke(idTag, grantId),
      nextUnknownTag: (chargerId, waitSeconds) => client.nextUnknownTag(chargerId, waitSeconds),
    },
  };
}

function fileDesk(options: ApiOptions): UsersDesk {
  const file = usersInFile(readConfiguration(options));
  return {
    list: async () => (await file.list()).map(shown),
    add: async (idTag, fields) => shown(await file.add(idTag, fields)),
    change: async (idTag, fields) => shown(await file.change(idTag, fields)),
    remove: (idTag) => file.remove(idTag),
    import: (list) => file.import(list),
    server: null,
  };
}

function shown({ quotaWh, ...user }: User): DeskUser {
  return { ...user, quotaKwh: kWhOf(quotaWh) };
}
