import { SessionError } from '../../../protocol/errors.js';

/** The scope of the token lacks an operation (`insufficient_scope`, RFC 6750, 3.1). */
export class OperationNotAllowed extends SessionError {
  readonly operation: string;

  constructor(operation: string) {
    super('OPERATION_NOT_ALLOWED', { message: `It would have to allow ${operation}.` });
    this.operation = operation;
  }
}
