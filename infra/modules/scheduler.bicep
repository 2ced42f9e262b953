// The Durable Task Scheduler: in place of the task hub in the host's storage account, where there is much to run. There is no way from one to the other with workflows under way.
@description('The name of the scheduler.')
param name string

@description('The name of its task hub.')
param taskHub string

@description('The region.')
param location string

@description('Tags.')
param tags object

@description('The principal id of the app\'s identity.')
param principalId string

@description('For how many days ended workflows are kept.')
@minValue(1)
param retentionDays int

var durableTaskDataContributor = '0ad04412-c4d5-4796-b79c-f76d14c8d402'

resource scheduler 'Microsoft.DurableTask/schedulers@2025-11-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    sku: {
      name: 'Consumption'
    }
    // Empty would let nobody in.
    ipAllowlist: ['0.0.0.0/0']
  }

  resource hub 'taskHubs@2025-11-01' = {
    name: taskHub
    properties: {}
  }

  resource retention 'retentionPolicies@2025-11-01' = {
    name: 'default'
    properties: {
      retentionPolicies: [
        {
          retentionPeriodInDays: retentionDays
        }
      ]
    }
  }
}

resource running 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(scheduler.id, principalId, durableTaskDataContributor)
  scope: scheduler
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', durableTaskDataContributor)
  }
}

output endpoint string = scheduler.properties.endpoint
