// Asks IAM's questions of iam-simulate: a JSON document on each line in, and on each line out. See
// ../simulator.py.
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'

// The package is installed beside the tools of the repository, not beside this file.
const installed = createRequire(pathToFileURL(process.argv[2] + '/'))
const { runSimulation } = await import(pathToFileURL(installed.resolve('@cloud-copilot/iam-simulate')))

const decisive = (part, effect) =>
  (part?.[effect] ?? []).map(({ policyId, statement }) => [policyId ?? '', statement.sid() ?? ''])

async function answer(question, documents) {
  const named = (policies) =>
    Object.entries(policies).map(([name, number]) => ({ name, policy: documents[number] }))
  const outcome = await runSimulation(
    {
      request: {
        principal: question.principal,
        action: question.action,
        resource: { resource: question.resource, accountId: question.account },
        contextVariables: question.context
      },
      identityPolicies: named(question.identity),
      resourcePolicy: question.resource_policy === null ? undefined : documents[question.resource_policy],
      permissionBoundaryPolicies: question.boundary === null ? undefined : named({ boundary: question.boundary }),
      serviceControlPolicies: [],
      resourceControlPolicies: []
    },
    {}
  )
  if (outcome.resultType === 'error') return { error: JSON.stringify(outcome.errors) }
  const result = outcome.result ?? outcome.results[0]
  const { identityAnalysis, resourceAnalysis } = result.analysis
  return {
    decision: outcome.overallResult,
    ignored: result.ignoredContextKeys ?? [],
    allowed_by: [...decisive(identityAnalysis, 'allowStatements'), ...decisive(resourceAnalysis, 'allowStatements')],
    denied_by: [...decisive(identityAnalysis, 'denyStatements'), ...decisive(resourceAnalysis, 'denyStatements')]
  }
}

for await (const line of createInterface(process.stdin)) {
  const { documents, questions } = JSON.parse(line)
  const answers = []
  for (const question of questions) answers.push(await answer(question, documents))
  console.log(JSON.stringify(answers))
}
