import { SessionError } from '../../protocol/errors.js';

/** What is wrong with one field: where (JSON pointer, RFC 6901) and what. */
export interface FieldFault {
  pointer: string;
  message: string;
}

/** `REQUEST_INVALID` with the faults of each field. */
export class InvalidRequest extends SessionError {
  readonly faults: readonly FieldFault[];

  constructor(faults: readonly FieldFault[]) {
    super('REQUEST_INVALID');
    this.faults = faults;
  }
}
