// MaintenanceFunctions on Azure: everything that "azd up" needs. What each part costs, what limits come first and what to turn: docs/azure.md.
targetScope = 'subscription'

@description('The name of the environment: part of most names.')
@minLength(1)
@maxLength(32)
param environmentName string

@description('The region.')
@metadata({ azd: { type: 'location' } })
param location string

@description('The secret of the tracking codes, as 64 hexadecimal digits. A hook makes it before the first provisioning; lose it, and no code that was given out opens its page.')
@secure()
@minLength(64)
param trackingKey string

@description('The client id of the app registration that people sign in with; empty for none, and then nobody can sign in. A hook makes one.')
param signInClientId string = ''

@description('Where people reach the app, where that is not its own address: a domain in front of it.')
param publicUrl string = ''

@description('The mail address that hears of alerts and of the budget; empty for nobody.')
param alertMail string = ''

@description('What the whole may cost in a month before alertMail hears of it; 0 for no budget.')
@minValue(0)
param monthlyBudget int = 0

@description('The first of the month in which the budget begins. A hook notes it, since a budget does not let its start be changed.')
param budgetStart string = ''

@description('Stands in for budgetStart: not for you to give.')
param thisMonth string = utcNow('yyyy-MM-01')

@description('For how many days nobody can delete or change a blob of the backup repository; 0 for none. Read docs/azure.md first: it is set when the container is made.')
@minValue(0)
@maxValue(146000)
param immutableDays int = 0

@description('For how many days a deleted or overwritten blob can be brought back.')
@minValue(7)
@maxValue(365)
param softDeleteDays int = 30

@description('The redundancy of the organisation\'s storage account.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param storageRedundancy string = 'Standard_ZRS'

@description('A second region for a copy of the repository; empty for none. The plan still has to name it (repository: copies:).')
param copyLocation string = ''

@description('As immutableDays, for the copy: 0 for none.')
@minValue(0)
@maxValue(146000)
param copyImmutableDays int = 0

@description('The names of the settings that the plan takes secrets from (passwordSetting, urlSetting, secretSetting), with commas between. Each is read from the secret of the vault that is named like it, with hyphens for underscores.')
param secretSettings string = ''

@description('After a loss: the container of a repository that survived, to go on with in place of the new one. The app\'s identity needs its roles there (docs/restore-from-nothing.md).')
param takeOverContainer string = ''

@description('After a loss: the key of a vault that opens that repository.')
param takeOverKey string = ''

@description('After a loss: the endpoint of the tables that the records were restored into.')
param takeOverTables string = ''

@description('True while an administrator of the plan adds a passphrase to the keys of the backups (docs/restore-from-nothing.md): on for that, and off again.')
param mayAddPassphrase bool = false

@description('An absolute folder on a share that every instance has mounted, for drills; empty for the instance\'s own temporary folder.')
param scratchFolder string = ''

@description('What keeps the workflows: the host\'s storage account, or the Durable Task Scheduler. There is no way from one to the other with workflows under way.')
@allowed(['storage', 'scheduler'])
param workflowBackend string = 'storage'

@description('Private endpoints for storage, queues and the vault. Makes Service Bus Premium, which costs.')
param isPrivate bool = false

@description('The memory of an instance in MB.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@description('The most instances.')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int = 40

@description('Instances that are always there, of each kind; 0 for none, and then the first request of a quiet hour waits some seconds.')
@minValue(0)
param alwaysReady int = 0

@description('The most gigabytes of logs a day; -1 for no limit.')
param logQuotaGb int = 1

var tags = {
  'azd-env-name': environmentName
}
var token = toLower(uniqueString(subscription().id, environmentName, location))
// azd lets a name have dots, underscores and brackets too, which the names of resources may not have.
var label = toLower(replace(replace(replace(replace(environmentName, '.', '-'), '_', '-'), '(', '-'), ')', '-'))
var packageContainer = 'app-package-${take(token, 7)}'
var vaultName = 'kv-${token}'
var backupContainer = 'backups'
var taskHub = 'maintenance${take(token, 6)}'
// Each as the vault's secret of that name: what secrets there are is the plan's word, and a provisioning sets all settings anew.
var secretNames = empty(secretSettings) ? [] : map(split(secretSettings, ','), name => trim(name))
var planSecrets = toObject(secretNames, name => name, name => '@Microsoft.KeyVault(VaultName=${vaultName};SecretName=${replace(name, '_', '-')})')
// Set only where given: an empty setting would be a wrong one.
var scratchSettings = empty(scratchFolder) ? {} : {
  ScratchFolder: scratchFolder
}
var passphraseSettings = mayAddPassphrase ? {
  MayAddPassphrase: 'true'
} : {}

resource group 'Microsoft.Resources/resourceGroups@2024-11-01' = {
  name: 'rg-${label}-${take(token, 4)}'
  location: location
  tags: tags
}

module identity 'modules/identity.bicep' = {
  name: 'identity'
  scope: group
  params: {
    name: 'id-${label}-${token}'
    location: location
    tags: tags
  }
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  scope: group
  params: {
    workspaceName: 'log-${label}-${token}'
    componentName: 'appi-${label}-${token}'
    location: location
    tags: tags
    retentionDays: 30
    dailyQuotaGb: logQuotaGb
  }
}

module hostStorage 'modules/hostStorage.bicep' = {
  name: 'hostStorage'
  scope: group
  params: {
    name: 'sthost${token}'
    location: location
    tags: tags
    packageContainer: packageContainer
    isPublic: !isPrivate
  }
}

module backupStorage 'modules/backupStorage.bicep' = {
  name: 'backupStorage'
  scope: group
  params: {
    name: 'stdata${token}'
    location: location
    tags: tags
    sku: storageRedundancy
    accessTier: 'Hot'
    container: backupContainer
    softDeleteDays: softDeleteDays
    immutableDays: immutableDays
    isPublic: !isPrivate
  }
}

// The same once more, for the plan's copy. The app writes it by itself, as a copy that follows every deletion within minutes would be none (docs/azure.md).
module copyStorage 'modules/backupStorage.bicep' = if (!empty(copyLocation)) {
  name: 'copyStorage'
  scope: group
  params: {
    name: 'stcopy${token}'
    location: copyLocation
    tags: tags
    sku: 'Standard_LRS'
    accessTier: 'Cool'
    container: backupContainer
    softDeleteDays: softDeleteDays
    immutableDays: copyImmutableDays
    isPublic: !isPrivate
  }
}

module serviceBus 'modules/serviceBus.bicep' = {
  name: 'serviceBus'
  scope: group
  params: {
    name: 'bus-${label}-${token}'
    location: location
    tags: tags
    sku: isPrivate ? 'Premium' : 'Standard'
  }
}

module keyVault 'modules/keyVault.bicep' = {
  name: 'keyVault'
  scope: group
  params: {
    name: vaultName
    location: location
    tags: tags
    trackingKey: trackingKey
    isPublic: !isPrivate
  }
}

module roles 'modules/roles.bicep' = {
  name: 'roles'
  scope: group
  params: {
    principalId: identity.outputs.principalId
    hostStorageName: hostStorage.outputs.name
    backupStorageName: backupStorage.outputs.name
    copyStorageName: empty(copyLocation) ? '' : copyStorage!.outputs.name
    serviceBusName: serviceBus.outputs.name
    keyVaultName: keyVault.outputs.name
    componentName: monitoring.outputs.componentName
    usesStorageForWorkflows: workflowBackend == 'storage'
  }
}

module scheduler 'modules/scheduler.bicep' = if (workflowBackend == 'scheduler') {
  name: 'scheduler'
  scope: group
  params: {
    name: 'dts-${label}-${token}'
    taskHub: taskHub
    location: location
    tags: tags
    principalId: identity.outputs.principalId
    retentionDays: 30
  }
}

module network 'modules/network.bicep' = if (isPrivate) {
  name: 'network'
  scope: group
  params: {
    name: 'vnet-${label}-${token}'
    location: location
    tags: tags
    targets: concat([
      {
        name: 'host-blob'
        id: hostStorage.outputs.id
        group: 'blob'
        zone: 'privatelink.blob.${environment().suffixes.storage}'
      }
      {
        name: 'host-queue'
        id: hostStorage.outputs.id
        group: 'queue'
        zone: 'privatelink.queue.${environment().suffixes.storage}'
      }
      {
        name: 'host-table'
        id: hostStorage.outputs.id
        group: 'table'
        zone: 'privatelink.table.${environment().suffixes.storage}'
      }
      {
        name: 'data-blob'
        id: backupStorage.outputs.id
        group: 'blob'
        zone: 'privatelink.blob.${environment().suffixes.storage}'
      }
      {
        name: 'data-table'
        id: backupStorage.outputs.id
        group: 'table'
        zone: 'privatelink.table.${environment().suffixes.storage}'
      }
      {
        name: 'service-bus'
        id: serviceBus.outputs.id
        group: 'namespace'
        zone: 'privatelink.servicebus.windows.net'
      }
      {
        name: 'vault'
        id: keyVault.outputs.id
        group: 'vault'
        zone: 'privatelink.vaultcore.azure.net'
      }
    ], empty(copyLocation) ? [] : [
      {
        name: 'copy-blob'
        id: copyStorage!.outputs.id
        group: 'blob'
        zone: 'privatelink.blob.${environment().suffixes.storage}'
      }
    ])
  }
}

module app 'modules/app.bicep' = {
  name: 'app'
  scope: group
  params: {
    name: 'func-${label}-${take(token, 6)}'
    hostId: 'maintenance${token}'
    planName: 'plan-${label}-${token}'
    location: location
    tags: tags
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    hostBlobEndpoint: hostStorage.outputs.blobEndpoint
    hostQueueEndpoint: hostStorage.outputs.queueEndpoint
    hostTableEndpoint: hostStorage.outputs.tableEndpoint
    packageContainer: packageContainer
    applicationInsights: monitoring.outputs.connectionString
    settings: union({
      BlobContainerUri: empty(takeOverContainer) ? backupStorage.outputs.containerUri : takeOverContainer
      TableEndpoint: empty(takeOverTables) ? backupStorage.outputs.tableEndpoint : takeOverTables
      ServiceBus__fullyQualifiedNamespace: serviceBus.outputs.fullyQualifiedNamespace
      RepositoryKeyUri: empty(takeOverKey) ? keyVault.outputs.repositoryKeyUri : takeOverKey
      TrackingKey: '@Microsoft.KeyVault(SecretUri=${keyVault.outputs.trackingSecretUri})'
      TenantId: tenant().tenantId
    }, planSecrets, scratchSettings, passphraseSettings)
    publicUrl: publicUrl
    schedulerEndpoint: workflowBackend == 'scheduler' ? scheduler!.outputs.endpoint : ''
    taskHub: taskHub
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    alwaysReady: alwaysReady
    signInClientId: signInClientId
    subnetId: isPrivate ? network!.outputs.appSubnetId : ''
  }
  // The app reads its secret, opens its container and takes its leases when it starts: by then it must be allowed to.
  dependsOn: [
    roles
  ]
}

module alerts 'modules/alerts.bicep' = {
  name: 'alerts'
  scope: group
  params: {
    location: location
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
    serviceBusId: serviceBus.outputs.id
    mailAddress: alertMail
  }
}

module budget 'modules/budget.bicep' = if (monthlyBudget > 0 && !empty(alertMail)) {
  name: 'budget'
  scope: group
  params: {
    amount: monthlyBudget
    mailAddress: alertMail
    startDate: empty(budgetStart) ? thisMonth : budgetStart
  }
}

output AZURE_LOCATION string = location
output AZURE_TENANT_ID string = tenant().tenantId
output AZURE_RESOURCE_GROUP string = group.name
output AZURE_FUNCTION_NAME string = app.outputs.name
output SERVICE_FUNCTIONS_NAME string = app.outputs.name
output SERVICE_FUNCTIONS_URI string = app.outputs.address
output BACKUP_CONTAINER_URI string = backupStorage.outputs.containerUri
output COPY_CONTAINER_URI string = empty(copyLocation) ? '' : copyStorage!.outputs.containerUri
output KEY_VAULT_NAME string = keyVault.outputs.name
output REPOSITORY_KEY_URI string = keyVault.outputs.repositoryKeyUri
output APP_IDENTITY_CLIENT_ID string = identity.outputs.clientId
output APP_IDENTITY_PRINCIPAL_ID string = identity.outputs.principalId
