// What the API needs to keep tokens; joined in src/kwota.ts.
import type { Role } from '../auth.ts';

export interface KnownToken {
  readonly name: string;
  readonly role: Role;
  readonly createdMs: number;
  readonly by: string;
}

export interface KeptTokens {
  /** By name. */
  list(): readonly KnownToken[];
  /** The answer has the token, which cannot be told again. */
  add(
    name: string,
    role: Role,
    by: string,
  ): Promise<{ readonly kind: 'added'; readonly token: string } | { readonly kind: 'nameTaken' | 'tooMany' }>;
  /** Whether there was one. */
  remove(name: string, by: string): Promise<boolean>;
}
