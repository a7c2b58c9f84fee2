import {type DiagnosticCode, DiagnosticError, type Span} from '../source/source.js';

/** A fault that ends the whole run with status 1, whatever ignores errors: a handler that is not there, a file that cannot be opened. */
export class RunFault extends DiagnosticError {
	constructor(message: string, span: Span, code: DiagnosticCode = 'task/failed') {
		super({severity: 'error', code, message, labels: [{span}]});
	}
}
