// Puts environment variables into a text of config.yaml: ${NAME} is replaced, $${ stays ${. Nothing else is special.

export interface Interpolated {
  readonly text: string;
  /** Whether a variable is in it: then the text may be a secret and no message shows it. */
  readonly isReplaced: boolean;
  /** What is wrong with each `${…}` that could not be replaced. */
  readonly failures: readonly { readonly message: string; readonly hint: string }[];
}

const REFERENCE = /\$\$\{|\$\{([^}]*)(\}?)/g;
const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Replaces each reference once: what a variable contains is not looked at again. */
export function interpolate(
  template: string,
  env: Readonly<Record<string, string | undefined>>,
): Interpolated {
  const failures: { message: string; hint: string }[] = [];
  let isReplaced = false;
  const text = template.replace(REFERENCE, (found, name: string | undefined, end: string | undefined) => {
    if (name === undefined) return '${';
    if (end === '' || !VARIABLE_NAME.test(name)) {
      failures.push({
        message: 'has a "${" without the name of a variable and "}"',
        hint: 'write ${NAME}, or $${ for the characters themselves',
      });
      return found;
    }
    const value = Object.hasOwn(env, name) ? env[name] : undefined;
    if (value === undefined) {
      failures.push({
        message: `needs the environment variable ${name}, which is not set`,
        hint: `set ${name} where kwota is started, or write the value here`,
      });
      return found;
    }
    isReplaced = true;
    return value;
  });
  return { text, isReplaced, failures };
}
