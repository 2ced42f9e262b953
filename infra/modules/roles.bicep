// What the app may do, and nothing more. The names are the ones under which Azure lists the roles.
@description('The principal id of the app\'s identity.')
param principalId string

@description('The name of the host\'s storage account.')
param hostStorageName string

@description('The name of the organisation\'s storage account.')
param backupStorageName string

@description('The name of the storage account of the copy; empty where there is none.')
param copyStorageName string

@description('The name of the Service Bus namespace.')
param serviceBusName string

@description('The name of the vault.')
param keyVaultName string

@description('The name of the Application Insights component.')
param componentName string

@description('True where the task hub lies in the host\'s storage account.')
param usesStorageForWorkflows bool

var roles = {
  'Storage Blob Data Owner': 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  'Storage Blob Data Contributor': 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
  'Storage Queue Data Contributor': '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
  'Storage Table Data Contributor': '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
  'Azure Service Bus Data Receiver': '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0'
  'Azure Service Bus Data Sender': '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39'
  'Key Vault Crypto User': '12338af0-0e69-4776-bea7-57ae8d297424'
  'Key Vault Secrets User': '4633458b-17de-408a-b874-0445c86b69e6'
  'Monitoring Metrics Publisher': '3913510d-42f4-4e42-8a64-420c390055eb'
}

// The host leases blobs and notes diagnostic events in a table; with Azure Storage as the workflows' backend it keeps queues and tables there.
var onHostStorage = usesStorageForWorkflows ? ['Storage Blob Data Owner', 'Storage Queue Data Contributor', 'Storage Table Data Contributor'] : ['Storage Blob Data Owner', 'Storage Table Data Contributor']
var onBackupStorage = ['Storage Blob Data Contributor', 'Storage Table Data Contributor']
var onServiceBus = ['Azure Service Bus Data Receiver', 'Azure Service Bus Data Sender']
var onKeyVault = ['Key Vault Crypto User', 'Key Vault Secrets User']

resource hostStorage 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: hostStorageName
}

resource backupStorage 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: backupStorageName
}

resource copyStorage 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: empty(copyStorageName) ? 'none' : copyStorageName
}

resource serviceBus 'Microsoft.ServiceBus/namespaces@2024-01-01' existing = {
  name: serviceBusName
}

resource keyVault 'Microsoft.KeyVault/vaults@2024-11-01' existing = {
  name: keyVaultName
}

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  name: componentName
}

resource hostStorageRoles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for role in onHostStorage: {
  name: guid(hostStorage.id, principalId, roles[role])
  scope: hostStorage
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles[role])
  }
}]

resource backupStorageRoles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for role in onBackupStorage: {
  name: guid(backupStorage.id, principalId, roles[role])
  scope: backupStorage
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles[role])
  }
}]

resource copyStorageRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(copyStorageName)) {
  name: guid(copyStorage.id, principalId, roles['Storage Blob Data Contributor'])
  scope: copyStorage
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles['Storage Blob Data Contributor'])
  }
}

resource serviceBusRoles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for role in onServiceBus: {
  name: guid(serviceBus.id, principalId, roles[role])
  scope: serviceBus
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles[role])
  }
}]

resource keyVaultRoles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for role in onKeyVault: {
  name: guid(keyVault.id, principalId, roles[role])
  scope: keyVault
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles[role])
  }
}]

resource telemetryRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(component.id, principalId, roles['Monitoring Metrics Publisher'])
  scope: component
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles['Monitoring Metrics Publisher'])
  }
}
