// A command that cannot do what was asked, told in one line with what to do about it.

/** `hint` says what to do about it. */
export class CommandError extends Error {
  readonly code = 'refused';
  readonly hint: string;

  constructor(message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CommandError';
    this.hint = hint;
  }
}
