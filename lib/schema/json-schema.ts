import { z } from 'zod';
import {
  ComponentsDocument,
  CurrentDocument,
  IncidentDocument,
  IncidentsDocument,
  MonthDocument,
  UptimeDocument,
} from './api.ts';
import { ComponentFile } from './component.ts';
import { StatusConfig } from './config.ts';
import { AuditDocument, ErrorDocument, ManageRequest, OutcomeDocument, SubscribeRequest } from './endpoint.ts';
import { IncidentFrontMatter } from './incident.ts';
import { ProbeFile } from './probe.ts';
import { Snapshot } from './snapshot.ts';

/** One schema that editors or clients fetch, with what it is called and what it describes. */
interface PublishedSchema {
  readonly schema: z.ZodType;
  readonly title: string;
  readonly description: string;
  /** People leave out what has a default; the published JSON holds everything. */
  readonly writtenBy: 'people' | 'machine';
}

/** Every schema under `/schemas/`, by its file name without `.json`. */
export const publishedSchemas: Readonly<Record<string, PublishedSchema>> = {
  'incident-front-matter': {
    schema: IncidentFrontMatter,
    title: 'Incident',
    description: 'The front matter of incidents/<id>.md: what happened, as data.',
    writtenBy: 'people',
  },
  component: {
    schema: ComponentFile,
    title: 'Component',
    description: 'components/<id>.yml: something that merchants depend on, and its override if any.',
    writtenBy: 'people',
  },
  probe: {
    schema: ProbeFile,
    title: 'Probe',
    description: 'probes/<id>.yml: a question that is asked on a schedule. It is never public.',
    writtenBy: 'people',
  },
  'status-config': {
    schema: StatusConfig,
    title: 'Status page',
    description: "status.config.yml: the page's name and address, and what it adds to the redaction.",
    writtenBy: 'people',
  },
  current: {
    schema: Snapshot,
    title: 'Snapshot',
    description: 'current.json: the state of everything at one instant.',
    writtenBy: 'machine',
  },
  'api-current': {
    schema: CurrentDocument,
    title: 'Current state',
    description: 'api/v1/status/current.json: is anything wrong, in one small file.',
    writtenBy: 'machine',
  },
  'api-components': {
    schema: ComponentsDocument,
    title: 'Components',
    description: 'api/v1/status/components.json: every component and what it shows now.',
    writtenBy: 'machine',
  },
  'api-uptime': {
    schema: UptimeDocument,
    title: 'Uptime',
    description: 'api/v1/status/uptime.json: the last 90 days of every component.',
    writtenBy: 'machine',
  },
  'api-incidents': {
    schema: IncidentsDocument,
    title: 'Incidents',
    description: 'api/v1/status/incidents.json: open incidents, the newest others, and where to find the rest.',
    writtenBy: 'machine',
  },
  'api-month': {
    schema: MonthDocument,
    title: 'A month of incidents',
    description: 'api/v1/status/incidents/<yyyy-mm>.json: the incidents that began in one month.',
    writtenBy: 'machine',
  },
  'api-incident': {
    schema: IncidentDocument,
    title: 'One incident',
    description: 'api/v1/status/incidents/<id>.json: one incident and all its updates.',
    writtenBy: 'machine',
  },
  'endpoint-subscribe': {
    schema: SubscribeRequest,
    title: 'A wish to subscribe',
    description: 'What is posted to api/v1/status/subscribe as JSON.',
    writtenBy: 'people',
  },
  'endpoint-manage': {
    schema: ManageRequest,
    title: 'A choice of components',
    description: 'What is posted to api/v1/status/manage/TOKEN as JSON.',
    writtenBy: 'people',
  },
  'endpoint-outcome': {
    schema: OutcomeDocument,
    title: 'What came of a request',
    description: 'Every answer of the endpoint that is a success.',
    writtenBy: 'machine',
  },
  'endpoint-error': {
    schema: ErrorDocument,
    title: 'What is wrong with a request',
    description: 'Every answer of the endpoint that is not a success.',
    writtenBy: 'machine',
  },
  'endpoint-audit': {
    schema: AuditDocument,
    title: 'A part of the audit log',
    description: 'api/v1/admin/status/audit, for holders of MANAGE_STATUS.',
    writtenBy: 'machine',
  },
};

/** A schema of the table as JSON Schema; its `$id` is relative, so that it holds wherever a page is published. */
export function jsonSchemaOf(name: string, { schema, title, description, writtenBy }: PublishedSchema): object {
  const people = writtenBy === 'people';
  const { $schema, ...body } = z.toJSONSchema(schema, {
    // Editors read this draft best.
    target: people ? 'draft-7' : 'draft-2020-12',
    io: people ? 'input' : 'output',
  });
  return { $schema, $id: `${name}.json`, title, description, ...body };
}

/** The text of each file under `/schemas/`, by file name. */
export function jsonSchemaFiles(): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(publishedSchemas).map(([name, published]) => [
      `${name}.json`,
      `${JSON.stringify(jsonSchemaOf(name, published), null, 2)}\n`,
    ]),
  );
}
