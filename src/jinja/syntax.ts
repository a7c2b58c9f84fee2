/** The delimiters and whitespace rules of a template (Jinja's environment options, under its own names). */
export interface Syntax {
	readonly block_start_string: string;
	readonly block_end_string: string;
	readonly variable_start_string: string;
	readonly variable_end_string: string;
	readonly comment_start_string: string;
	readonly comment_end_string: string;
	readonly line_statement_prefix: string | null;
	readonly line_comment_prefix: string | null;
	readonly trim_blocks: boolean;
	readonly lstrip_blocks: boolean;
	readonly newline_sequence: '\n' | '\r\n' | '\r';
	readonly keep_trailing_newline: boolean;
}

/** Jinja's defaults. */
export const plainSyntax: Syntax = {
	block_start_string: '{%',
	block_end_string: '%}',
	variable_start_string: '{{',
	variable_end_string: '}}',
	comment_start_string: '{#',
	comment_end_string: '#}',
	line_statement_prefix: null,
	line_comment_prefix: null,
	trim_blocks: false,
	lstrip_blocks: false,
	newline_sequence: '\n',
	keep_trailing_newline: false,
};

/** Ansible's defaults: Jinja's, with `trim_blocks`. */
export const ansibleSyntax: Syntax = {...plainSyntax, trim_blocks: true};
