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

@description('A short name of the system, of at most 12 characters, for text in front of a mail.')
@maxLength(12)
param shortName string

var isWatched = !empty(mailAddress)

// The app logs each of these as an event of its own name (core/Status and functions/Hosting); a test compares the names.
var queries = [
  {
    name: 'heartbeat-missing'
    severity: 1
    description: 'No timer of the app has run for a quarter of an hour: no backup is taken, and no service level is watched.'
    query: 'AppRequests | where Name in ("SweepServiceLevels", "TakeDueBackups") and Success == true'
    operator: 'LessThan'
    threshold: 1
    window: 'PT15M'
    every: 'PT5M'
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
    name: 'workflows-failed'
    severity: 2
    description: 'A workflow has ended with an error: a backup, a recovery or an approval. The overview says which.'
    query: 'AppExceptions | where OperationName endswith "Workflow"'
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
    groupShortName: shortName
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
    actions: {
      actionGroups: [group.id]
    }
  }
}]

resource deadLetters 'Microsoft.Insights/metricAlerts@2018-03-01' = if (isWatched) {
  name: 'dead-letters'
  location: 'global'
  tags: tags
  properties: {
    description: 'Messages could not be handled. The overview says why; mend it, and send them again.'
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
    actions: [
      {
        actionGroupId: group.id
      }
    ]
  }
}
