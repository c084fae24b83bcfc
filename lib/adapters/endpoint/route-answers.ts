import type { AuditQuestion, EndpointFacts, OperationCall } from '../../subscriptions/endpoint-call.ts';
import { isSameForAll, outcomeOf, type Wish } from '../../subscriptions/endpoint-outcome.ts';
import type { EndpointService } from '../../subscriptions/endpoint-service.ts';
import type { AnswerByRoute, RouteAnswer } from './astro-routes.ts';
import { type Route, templatePath } from './route-table.ts';

/** A request that has passed. */
export interface PassedRequest extends Omit<Wish, 'known'> {
  readonly answersJson: boolean;
  readonly question: AuditQuestion;
}

/** What routes need besides the request itself. */
export interface RouteNeeds {
  readonly service: () => EndpointService;
  readonly audit: (question: AuditQuestion) => ReturnType<OperationCall['audit']>;
  readonly health: OperationCall['health'];
}

/**
 * Does what a request asks for, and tells it by the templates. What everybody is told in the same words is rendered once
 * for these facts: most of what the endpoint says, and all that it says to whom it does not know.
 */
export function routeAnswers(render: AnswerByRoute, facts: EndpointFacts, needs: RouteNeeds) {
  const remembered = new Map<string, Promise<RouteAnswer>>();
  const known = facts.components.map(({ id }) => id);
  return async (route: Route, request: PassedRequest): Promise<RouteAnswer> => {
    const { name } = route;
    const { acts, token, body, answersJson, question } = request;
    const path = templatePath(route);
    if (name === 'health' || name === 'audit') {
      return render(path, { operation: { audit: () => needs.audit(question), health: needs.health } });
    }
    const outcome = await outcomeOf(name, needs.service(), { acts, token, body, known });
    const rendered = () => render(path, { endpoint: { facts, outcome, token, body, answersJson } });
    if (!isSameForAll(outcome)) return rendered();
    const key = `${name} ${outcome.kind} ${answersJson}`;
    const answer = remembered.get(key) ?? rendered();
    remembered.set(key, answer);
    // A template may fail for want of something that comes back.
    answer.catch(() => remembered.delete(key));
    return answer;
  };
}
