import {statSync} from 'node:fs';
import {hostname, userInfo} from 'node:os';
import {DateTime, Dict, type Value} from '../jinja/jinja.js';
import {dictLayer, type Layer, lazyLayer} from './layer.js';
import type {TaskScope} from './scope.js';

/** The variables that a template file sees beside the task's (ansible/template: `template_path`, …), under those that the caller gives. */
export function templateLayer(scope: TaskScope, path: string, destination: string | undefined, own?: Value): Layer {
	const layer = lazyLayer('template', {
		template_path: () => path,
		template_fullpath: () => path,
		template_host: () => hostname(),
		template_uid: () => ownerOf(path),
		template_destpath: () => destination ?? null,
		template_run_date: () => new DateTime(BigInt(Date.now()) * 1000n, true),
		template_mtime: () => new DateTime(BigInt(Math.trunc(statSync(path).mtimeMs)) * 1000n, true),
		ansible_managed: () => scope.value('ansible_managed') ?? 'Ansible managed',
	});
	if (!(own instanceof Dict)) return layer;
	const given = dictLayer('template_vars', own);
	return {
		label: layer.label,
		get: (name) => given.get(name) ?? layer.get(name),
		names: () => [...given.names(), ...layer.names()],
	};
}

/** The owner's name where it is our own, else the number. */
function ownerOf(path: string): string {
	const {uid} = statSync(path);
	const self = userInfo();
	return uid === self.uid ? self.username : String(uid);
}
