import type { AppStatus } from '../domain/app-health.js';
import { appDifferences } from '../domain/app-difference.js';
import { Failure } from '../failure.js';
import { JsonApi } from '../http/json-api.js';
import type { AppDefinition } from './app-file.js';

export interface MarathonTask {
  readonly id: string;
  readonly host: string;
  readonly ports?: readonly number[];
  readonly state?: string;
}

export type MarathonApp = AppStatus & AppDefinition & { readonly tasks?: readonly MarathonTask[] };

export type Submission = 'created' | 'updated' | 'unchanged';

const path = (id: string): string => `/v2/apps${id.split('/').map(encodeURIComponent).join('/')}`;

/** The part of Marathon's API that the commands need. Each method throws Unavailable when Marathon is away. */
export class MarathonClient {
  readonly #api: JsonApi;

  constructor(
    url: string,
    private readonly signal: AbortSignal,
  ) {
    this.#api = new JsonApi(url);
  }

  async apps(): Promise<MarathonApp[]> {
    const { apps } = await this.#api.ask<{ apps: MarathonApp[] }>(
      'GET',
      '/v2/apps?embed=apps.counts&embed=apps.tasks&embed=apps.deployments',
      {
        signal: this.signal,
      },
    );
    return apps;
  }

  /** undefined: there is no such app. */
  async app(id: string): Promise<MarathonApp | undefined> {
    const { status, body } = await this.#api.request('GET', path(id), { signal: this.signal });
    if (status === 404) return undefined;
    if (status >= 400) throw new Failure(`Marathon: GET ${id} was answered with ${status}`);
    return (body as { app: MarathonApp }).app;
  }

  /** How many instances of one of our services Marathon is to run, by the last part of the app's id. */
  async instancesWanted(service: string): Promise<number> {
    const apps = (await this.apps()).filter(({ id }) => id.endsWith(`/${service}`));
    return apps.reduce((sum, { instances }) => sum + instances, 0);
  }

  /** Creates the app, or makes an existing one the same; one that already is stays untouched. */
  async submit(app: AppDefinition): Promise<Submission> {
    const existing = await this.app(app.id);
    if (existing !== undefined && appDifferences(app, existing).length === 0) return 'unchanged';
    if (existing === undefined) await this.#api.ask('POST', '/v2/apps', { body: app, signal: this.signal });
    // A deployment of the old definition that is still under way would make Marathon refuse the new one.
    else await this.#api.ask('PUT', `${path(app.id)}?force=true`, { body: app, signal: this.signal });
    return existing === undefined ? 'created' : 'updated';
  }

  async scaleToZero(id: string): Promise<void> {
    if ((await this.app(id)) === undefined) return;
    await this.#api.ask('PUT', `${path(id)}?force=true`, { body: { instances: 0 }, signal: this.signal });
  }

  /** Removing an app that is not there is no error. */
  async remove(id: string): Promise<void> {
    const { status } = await this.#api.request('DELETE', `${path(id)}?force=true`, { signal: this.signal });
    if (status >= 400 && status !== 404) throw new Failure(`Marathon: DELETE ${id} was answered with ${status}`);
  }
}
