// Who hears when the app itself is not well: then its own mail may not go out either, so these come from the platform.
@description('The region.')
param location string

@description('Tags.')
param tags object

@description('The Log Analytics workspace.')
param workspaceId string

@description('The Service Bus namespace.')
param serviceBusId string

@description('The mail address that hears of it; empty for nobody, and then nothing is watched.')
param mailAddress string

var isWatched = !empty(mailAddress)

// The app begins the message of each of these events with these words, which a test holds it to. The first asks whether the app is there at all; the others are what
// it says itself. A workflow that failed, and one that is stuck, are rules of their own, so that each can be silenced by itself.
var queries = [
  {
    name: 'app-silent'
    severity: 1
    description: 'The app has not said for a quarter of an hour that it runs: no backup is taken, and no service level is watched.'
    query: 'AppTraces | where Message startswith "Heartbeat"'
    operator: 'LessThan'
    threshold: 1
    window: 'PT15M'
    every: 'PT5M'
  }
  {
    name: 'heartbeat-missing'
    severity: 1
    description: 'The app runs, but one of its timers does not. The overview says which.'
    query: 'AppTraces | where Message startswith "Alarm: heartbeat missing"'
    operator: 'GreaterThan'
    threshold: 0
    window: 'PT15M'
    every: 'PT15M'
  }
  {
    name: 'recovery-point-breached'
    severity: 1
    description: 'A service has no proven backup as young as its RPO asks. The overview says which.'
    query: 'AppTraces | where Message startswith "Alarm: recovery point"'
    operator: 'GreaterThan'
    threshold: 0
    window: 'PT15M'
    every: 'PT15M'
  }
  {
    name: 'probe-silent'
    severity: 1
    description: 'A probe is not taken any more: nobody knows whether its service is there. The overview says which.'
    query: 'AppTraces | where Message startswith "Alarm: probe silent"'
    operator: 'GreaterThan'
    threshold: 0
    window: 'PT15M'
    every: 'PT15M'
  }
  {
    name: 'error-budget'
    severity: 2
    description: 'A service spends its error budget too fast. The page Monitoring says which.'
    query: 'AppTraces | where Message startswith "Alarm: error budget"'
    operator: 'GreaterThan'
    threshold: 0
    window: 'PT15M'
    every: 'PT15M'
  }
  {
    name: 'workflow-failed'
    severity: 2
    description: 'A workflow has ended with an error: a backup, a recovery, a rollout or an approval. The overview says which.'
    query: 'AppTraces | where Message startswith "Alarm: workflow failed"'
    operator: 'GreaterThan'
    threshold: 0
    window: 'PT15M'
    every: 'PT15M'
  }
  {
    name: 'workflow-stuck'
    severity: 2
    description: 'A workflow waits for nothing and does not go on: after a deployment that failed, say. docs/azure.md says what to do.'
    query: 'AppTraces | where Message startswith "Alarm: workflow stuck"'
    operator: 'GreaterThan'
    threshold: 0
    window: 'PT15M'
    every: 'PT15M'
  }
  {
    name: 'dead-letter'
    severity: 2
    description: 'Messages could not be handled. The overview says why; mend it, and send them again.'
    query: 'AppTraces | where Message startswith "Alarm: dead letter"'
    operator: 'GreaterThan'
    threshold: 0
    window: 'PT15M'
    every: 'PT15M'
  }
]

resource group 'Microsoft.Insights/actionGroups@2024-10-01-preview' = if (isWatched) {
  name: 'ag-maintenance'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'maintenance'
    emailReceivers: [
      {
        name: 'operators'
        emailAddress: mailAddress
        useCommonAlertSchema: true
      }
    ]
  }
}

resource rules 'Microsoft.Insights/scheduledQueryRules@2025-01-01-preview' = [for rule in queries: if (isWatched) {
  name: rule.name
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: rule.name
    description: rule.description
    enabled: true
    severity: rule.severity
    scopes: [workspaceId]
    evaluationFrequency: rule.every
    windowSize: rule.window
    criteria: {
      allOf: [
        {
          query: rule.query
          timeAggregation: 'Count'
          operator: rule.operator
          threshold: rule.threshold
          failingPeriods: {
            minFailingPeriodsToAlert: 1
            numberOfEvaluationPeriods: 1
          }
        }
      ]
    }
    autoMitigate: true
    // A new workspace has no table AppTraces before the first line of a log.
    skipQueryValidation: true
    actions: {
      actionGroups: [group.id]
    }
  }
}]

resource deadLetters 'Microsoft.Insights/metricAlerts@2018-03-01' = if (isWatched) {
  name: 'dead-letters-counted'
  location: 'global'
  tags: tags
  properties: {
    description: 'The broker counts messages that could not be handled, whether or not the app runs to say so.'
    enabled: true
    severity: 2
    scopes: [serviceBusId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'dead'
          criterionType: 'StaticThresholdCriterion'
          metricNamespace: 'Microsoft.ServiceBus/namespaces'
          metricName: 'DeadletteredMessages'
          operator: 'GreaterThan'
          threshold: 0
          timeAggregation: 'Maximum'
        }
      ]
    }
    autoMitigate: true
    actions: [
      {
        actionGroupId: group.id
      }
    ]
  }
}
