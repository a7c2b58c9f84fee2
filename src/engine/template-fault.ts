import {type Circumstances, glimpse, pluginNames, TemplateError, type Waypoint} from '../jinja/jinja.js';
import {lookupNames} from '../lookup/lookup.js';
import {type Diagnostic, type DiagnosticCode, didYouMean, type Label, type Span} from '../source/source.js';

/** What a template failed of, for people: the place, the way that the failure came, what was computed with. */
export function templateFault(
	error: TemplateError,
	span: Span,
): Pick<Diagnostic, 'code' | 'message' | 'help'> & {labels: Label[]; notes: string[]} {
	const code = codeOf(error);
	const errors = [...templateErrors(error)];
	const circumstances = errors.find((one) => one.circumstances)?.circumstances ?? {};
	const help = error.help ?? circumstances.help?.();
	const way = errors.find((one) => one.way.length > 0)?.way ?? [];
	return {
		code,
		message: inOurWords(error.message),
		labels: [labelFor(error, span, code, circumstances), ...wayLabels(way, span)],
		notes: valueNotes(circumstances),
		...(help === undefined ? {} : {help}),
	};
}

/** The first template error with a place among an error and its causes: that of a template may be the cause of another. */
export function templateErrorIn(error: unknown): TemplateError | undefined {
	for (let at = error; at instanceof Error; at = at.cause) if (at instanceof TemplateError && at.span) return at;
	return undefined;
}

function codeOf({category, message}: TemplateError): DiagnosticCode {
	if (category === 'undefined') return 'template/undefined';
	const [, plugin] = /No (filter|test) named /.exec(message) ?? [];
	if (plugin) return plugin === 'filter' ? 'template/unknown-filter' : 'template/unknown-test';
	if (category === 'no_plugin') return 'template/unknown-lookup';
	return category === 'syntax' ? 'template/syntax' : 'template/failed';
}

function* templateErrors(error: TemplateError): Generator<TemplateError> {
	for (let at: unknown = error; at instanceof Error; at = at.cause) if (at instanceof TemplateError) yield at;
}

/** How many places of the way are shown: the first and the last ones. */
const mostPlaces = 6;

const wordsFor: Readonly<Record<Waypoint['how'], string>> = {
	read: 'read here',
	called: 'called here',
	included: 'included here',
};

/** The places that a failure came through, each once. */
function wayLabels(way: readonly Waypoint[], failed: Span): Label[] {
	const seen: Span[] = [failed];
	const labels: Label[] = [];
	for (const {how, span} of way) {
		if (seen.some((one) => one.file === span.file && one.start < span.end && span.start < one.end)) continue;
		seen.push(span);
		labels.push({span, text: wordsFor[how]});
	}
	const half = mostPlaces / 2;
	return labels.length > mostPlaces ? [...labels.slice(0, half), ...labels.slice(-half)] : labels;
}

/** The values that the failed part of a template was computed with. */
function valueNotes({values}: Circumstances): string[] {
	return (values?.() ?? []).map(([source, value]) =>
		source === '' ? `it was given ${glimpse(value)}` : `\`${source}\` is ${glimpse(value)}`,
	);
}

function labelFor({message, subject}: TemplateError, span: Span, code: DiagnosticCode, circumstances: Circumstances): Label {
	const [, quoted] = /(?:No (?:filter|test) named|The lookup plugin) '([^']*)'/.exec(message) ?? [];
	const text = didYouMean(quoted ?? subject ?? '', circumstances.candidates?.() ?? candidatesFor(code));
	return text ? {span, text} : {span};
}

/** Names that a misspelt one may have meant. */
function candidatesFor(code: DiagnosticCode): readonly string[] {
	if (code === 'template/unknown-lookup') return lookupNames;
	return code === 'template/unknown-filter' ? pluginNames('filter') : code === 'template/unknown-test' ? pluginNames('test') : [];
}

/** A template's message in our style: without the words that say what was being done, names in backticks, no full stop. */
function inOurWords(message: string): string {
	return message
		.replace(/^Error while evaluating conditional: /, '')
		.replace(/^(Error rendering|Syntax error in) (template|expression): /, '')
		.replace(
			/^The (filter|test|lookup) plugin '([^']*)' failed: /,
			(_, kind, name) => `the ${kind} \`${shortName(name)}\` failed: `,
		)
		.replace(/^No (filter|test) named '([^']*)'( found)?/, 'there is no $1 `$2`')
		.replace(/^The lookup plugin '([^']*)' was not found/, 'there is no lookup `$1`')
		.replace(/^'([^']*)' is undefined/, '`$1` is undefined')
		.replace(/\.$/, '');
}

/** A name without Ansible's own collection, as everybody writes it. */
function shortName(name: string): string {
	return name.replace(/^ansible\.builtin\./, '');
}
