import {type ExpressionOrigin, expressionValue, finished, operationOf} from './evaluate.js';
import type {Operation} from './operation.js';
import {isTruthy} from './python/compare.js';
import {typeName} from './python/type-name.js';
import type {Scope} from './scope.js';
import {Omit, Template, TemplateError, Unknown, type Value} from './value.js';
import {isWrittenText} from './written-text.js';

/**
 * Whether a condition (`when`, `failed_when`, ...) holds. It must give a boolean; `Unknown` when it depends on what is not known yet.
 * `condition` is the value as it stands in the playbook: a text, a template around one, or a boolean. Throws `TemplateError`.
 */
export function evaluateCondition(condition: Value, scope: Scope, where: ExpressionOrigin = {}): boolean | Unknown {
	const operation = operationOf(scope);
	const place =
		condition instanceof Template
			? {...where, origin: where.origin ?? condition.origin, contentStart: where.contentStart ?? condition.contentStart}
			: where;
	const {origin} = place;
	try {
		const value = conditionValue(condition, operation, place);
		if (typeof value === 'boolean' || value instanceof Unknown) return value;
		if (value instanceof Omit) throw new TemplateError('omit', 'A template was resolved to an Omit scalar.', {span: origin});
		const message = `Conditional result (${isTruthy(value) ? 'True' : 'False'}) was derived from value of type '${typeName(value)}'. Conditionals must have a boolean result.`;
		throw new TemplateError('conditional', message, {span: origin});
	} catch (fault) {
		if (fault instanceof TemplateError && fault.category === 'undefined') {
			const {span, subject, help, way, circumstances} = fault;
			throw new TemplateError('undefined', `Error while evaluating conditional: ${fault.message}`, {
				span,
				subject,
				help,
				way,
				circumstances,
				cause: fault,
			});
		}
		throw fault;
	}
}

function conditionValue(condition: Value, operation: Operation, where: ExpressionOrigin): Value {
	if (typeof condition === 'boolean' || condition instanceof Unknown) return condition;
	const given = condition instanceof Template ? condition.source : condition;
	if (given === null)
		throw new TemplateError('conditional', 'Empty conditional expressions are not allowed.', {span: where.origin});
	if (typeof given !== 'string')
		throw new TemplateError('conditional', 'Conditional expressions must be strings.', {span: where.origin});
	const source = given.trim();
	if (!source) throw new TemplateError('conditional', 'Empty conditional expressions are not allowed.', {span: where.origin});
	const contentStart = where.contentStart === undefined ? undefined : where.contentStart + given.indexOf(source);
	const place = contentStart === where.contentStart ? where : {...where, contentStart};
	if (!isAllTemplate(source)) return finished(expressionValue(source, operation, place, true), operation, where.origin);
	const template = new Template(source, where.origin, contentStart);
	const raw = operation.evaluate(template);
	const result = finished(raw, operation, where.origin);
	if (typeof result !== 'string') {
		if (result === null)
			throw new TemplateError('conditional', 'Empty conditional expressions are not allowed.', {span: where.origin});
		operation.deprecate(
			'Conditionals should not be surrounded by templating delimiters such as {{ }} or {% %}.',
			'2.23',
			where.origin,
		);
		return result;
	}
	if (!result.trim())
		throw new TemplateError('conditional', 'Empty conditional expressions are not allowed.', {span: where.origin});
	if (isWrittenText(result, template, operation.scope))
		return finished(expressionValue(result.trim(), operation, {origin: where.origin}, true), operation, where.origin);
	throw new TemplateError('untrusted', 'Encountered untrusted template or expression.', {span: where.origin});
}

function isAllTemplate(source: string): boolean {
	return source.startsWith('#jinja2:') || (/^\{[{%#]/.test(source) && /[}%#]\}$/.test(source));
}
