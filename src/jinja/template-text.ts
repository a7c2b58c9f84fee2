/** Whether a text has the look of a template, broken ones included. */
export function looksLikeTemplate(text: string): boolean {
	return text.includes('{{') || text.includes('{%') || text.includes('{#') || text.startsWith('#jinja2:');
}
