import {type Diagnostic, DiagnosticError} from '../source/source.js';

/** What the command line or the settings name is not there: the run does not begin, the exit status is 1. */
export class CannotStart extends DiagnosticError {
	constructor(code: Diagnostic['code'], message: string, more: Pick<Diagnostic, 'ansible' | 'help'> = {}) {
		super({severity: 'error', code, message, labels: [], ...more});
	}
}
