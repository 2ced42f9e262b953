// The Functions app on Flex Consumption, with the platform's sign-in in front of it.
@description('The name of the app; its address follows from it.')
param name string

@description('The id under which the host keeps its leases: no two apps may have the same on one storage account. Small letters, digits and hyphens.')
@maxLength(32)
param hostId string

@description('The name of its plan.')
param planName string

@description('The region.')
param location string

@description('Tags.')
param tags object

@description('The resource id of the identity that the app runs as.')
param identityId string

@description('The client id of the same.')
param identityClientId string

@description('The endpoint of the host\'s blobs.')
param hostBlobEndpoint string

@description('The endpoint of the host\'s queues.')
param hostQueueEndpoint string

@description('The endpoint of the host\'s tables.')
param hostTableEndpoint string

@description('The container of the app\'s package.')
param packageContainer string

@description('The connection string of Application Insights.')
@secure()
param applicationInsights string

@description('The settings that the app reads itself.')
param settings object

@description('Where people reach the app, for links in notifications; empty for its own address.')
param publicUrl string

@description('The endpoint of the Durable Task Scheduler; empty where the task hub lies in the host\'s storage account.')
param schedulerEndpoint string

@description('The name of the task hub.')
param taskHub string

@description('The memory of an instance in MB.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int

@description('The most instances.')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int

@description('Instances that are always there for HTTP and for workflows: none, or two and more of each.')
@minValue(0)
param alwaysReady int

@description('The client id of the app registration that people sign in with; empty for none, and then nobody can sign in.')
param signInClientId string

@description('The subnet that the app reaches other resources through; empty for none.')
param subnetId string

var isSignInOn = !empty(signInClientId)
var usesScheduler = !empty(schedulerEndpoint)

// Identity only: no connection string, no key.
var hostSettings = {
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identityClientId
  AzureWebJobsStorage__blobServiceUri: hostBlobEndpoint
  AzureWebJobsStorage__queueServiceUri: hostQueueEndpoint
  AzureWebJobsStorage__tableServiceUri: hostTableEndpoint
  APPLICATIONINSIGHTS_CONNECTION_STRING: applicationInsights
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
  ServiceBus__credential: 'managedidentity'
  ServiceBus__clientId: identityClientId
  // The app serves its own page at "/".
  AzureWebJobsDisableHomepage: 'true'
  // Two apps on one storage account must never take one another's leases.
  AzureFunctionsWebHost__hostid: hostId
  TASKHUB_NAME: taskHub
  AZURE_CLIENT_ID: identityClientId
  PublicUrl: empty(publicUrl) ? 'https://${app.properties.defaultHostName}' : publicUrl
}

// In place of a client secret the sign-in proves itself by the app's identity, which the app registration trusts (a federated credential that a hook makes). "Use a
// managed identity instead of a secret" of Microsoft's page on Entra sign-in for App Service; a preview, as that page says.
var signInSettings = isSignInOn ? {
  OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID: identityClientId
} : {}

// host.json names the task hub in the host's storage account; these take its place.
var schedulerSettings = usesScheduler ? {
  DURABLE_TASK_SCHEDULER_CONNECTION_STRING: 'Endpoint=${schedulerEndpoint};Authentication=ManagedIdentity;ClientID=${identityClientId}'
  AzureFunctionsJobHost__extensions__durableTask__storageProvider__type: 'azureManaged'
  AzureFunctionsJobHost__extensions__durableTask__storageProvider__connectionStringName: 'DURABLE_TASK_SCHEDULER_CONNECTION_STRING'
} : {}

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
  }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'functions' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identityId
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    siteConfig: {
      alwaysOn: false
      minTlsVersion: '1.2'
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${hostBlobEndpoint}${packageContainer}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
        // One alone would be taken away while it drains: none, or two.
        alwaysReady: alwaysReady > 0 ? [
          {
            name: 'http'
            instanceCount: max(2, alwaysReady)
          }
          {
            name: 'durable'
            instanceCount: max(2, alwaysReady)
          }
        ] : []
      }
      runtime: {
        name: 'dotnet-isolated'
        version: '10.0'
      }
      // A rolling update would run workflows of two versions at a time. The service takes it; the types of this version do not list it.
      #disable-next-line BCP037
      siteUpdateStrategy: {
        type: 'Recreate'
      }
    }
  }

  resource appSettings 'config@2025-03-01' = {
    name: 'appsettings'
    properties: union(hostSettings, schedulerSettings, signInSettings, settings)
  }

  // Publishing by name and password stays off: azd deploys as whoever is signed in.
  resource scmPassword 'basicPublishingCredentialsPolicies@2025-03-01' = {
    name: 'scm'
    properties: {
      allow: false
    }
  }

  resource ftpPassword 'basicPublishingCredentialsPolicies@2025-03-01' = {
    name: 'ftp'
    properties: {
      allow: false
    }
  }

  // People sign in with the platform; the app says per route who may do what. The public form is open, so nobody is sent to sign in before the app has looked.
  // It is written in either case: what is only left out would stay as it was.
  resource signIn 'config@2025-03-01' = {
    name: 'authsettingsV2'
    properties: isSignInOn ? {
      platform: {
        enabled: true
      }
      globalValidation: {
        requireAuthentication: false
        unauthenticatedClientAction: 'AllowAnonymous'
      }
      httpSettings: {
        requireHttps: true
      }
      identityProviders: {
        azureActiveDirectory: {
          enabled: true
          registration: {
            clientId: signInClientId
            clientSecretSettingName: 'OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID'
            openIdIssuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
          }
          validation: {
            allowedAudiences: [signInClientId, 'api://${signInClientId}']
          }
        }
      }
      login: {
        tokenStore: {
          enabled: false
        }
      }
    } : {
      platform: {
        enabled: false
      }
    }
  }
}

output name string = app.name
output id string = app.id
output address string = 'https://${app.properties.defaultHostName}'
