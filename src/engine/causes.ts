import {TemplateError} from '../jinja/jinja.js';
import type {Cause} from '../source/source.js';
import {FieldError} from './task-error.js';

/** An error and what lies behind it, outermost first, as Ansible tells them. A template's own place is that of the text it stands in. */
export function causesOf(error: Error): Cause[] {
	const causes: Cause[] = [];
	for (let at: unknown = error; at instanceof Error; at = at.cause) {
		if (at instanceof TemplateError) {
			const span = causes.every((one) => !one.span) ? at.span : undefined;
			causes.push({message: at.message, ...(span ? {span} : {}), ...(at.help === undefined ? {} : {help: at.help})});
			break;
		}
		const {span, help} = at instanceof FieldError ? at : {};
		causes.push({message: at.message, ...(span ? {span} : {}), ...(help === undefined ? {} : {help})});
	}
	return causes;
}
